-- transpose(x, a, b): any two dimensions change places, whatever stands between them.
local cases = require "lib.cases"
local part = cases.part

-- f of a parameter, of a product of parameter and state plus the input, and of the state.
local function each(name, s, result, f)
  cases.add(name .. "_shared", result, { a = param(s, uniform(1)) }, function(p) return f(p.a) end)
  cases.add(name .. "_lanes", result, { a = param(s, uniform(1)) },
    function(p, x, h) return f(p.a * part(h, s) + part(x, s)) end)
  cases.add(name .. "_state", result, {}, function(_, _, h) return f(part(h, s)) end)
end

local function swaps(name, s, a, b)
  local result = { unpack(s) }
  result[a], result[b] = s[b], s[a]
  each(name, s, result, function(v) return transpose(v, a, b) end)
end

swaps("matrix", { 3, 4 }, 1, 2)
swaps("first", { 2, 3, 2 }, 1, 2)
swaps("last", { 2, 3, 2 }, 2, 3)
swaps("ends", { 3, 2, 2 }, 1, 3)
swaps("ends_of_four", { 2, 1, 3, 2 }, 1, 4)
swaps("apart", { 2, 1, 3, 2 }, 1, 3)
swaps("apart_last", { 1, 2, 2, 3 }, 2, 4)
swaps("inside", { 1, 3, 2, 2 }, 2, 3)
each("backwards", { 2, 3, 2 }, { 3, 2, 2 }, function(v) return transpose(v, 2, 1) end)
each("from_the_end", { 2, 3, 2 }, { 2, 3, 2 }, function(v) return transpose(v, -1, 1) end)
each("twice", { 2, 3, 2 }, { 2, 3, 2 }, function(v) return transpose(tanh(transpose(v, 1, 2)), 1, 2) end)
each("nothing", { 3, 4 }, { 3, 4 }, function(v) return transpose(v, 2, -1) end)

return cases.model()
