-- Sums, differences, products and quotients of every pair of shared, input and state operands.
local cases = require "lib.cases"

cases.binary("add", nil, function(a, b) return a + b end)
cases.binary("sub", nil, function(a, b) return a - b end)
cases.binary("mul", nil, function(a, b) return a * b end)
cases.binary("div", nil, function(a, b) return a / b end, nil, cases.apart)

return cases.model()
