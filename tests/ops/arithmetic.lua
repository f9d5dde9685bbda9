-- Sums, differences, products and quotients of every pair of shared, input and state operands.
local cases = require "lib.cases"

cases.binary("add", function(a, b) return a + b end)
cases.binary("sub", function(a, b) return a - b end)
cases.binary("mul", function(a, b) return a * b end)
cases.binary("div", function(a, b) return a / b end, nil, cases.apart)

return cases.model()
