-- Parts and shapes: concat, stack, split, slice, reshape, flatten, transpose, alone and of each other.
local cases = require "lib.cases"
local part = cases.part

-- f of a parameter, and of a product of parameter and state plus the input.
local function each(name, s, result, f)
  cases.add(name .. "_shared", result, { a = param(s, uniform(1)) }, function(p) return f(p.a) end)
  cases.add(name .. "_lanes", result, { a = param(s, uniform(1)) },
    function(p, x, h) return f(p.a * part(h, s) + part(x, s)) end)
  cases.add(name .. "_state", result, {}, function(_, _, h) return f(part(h, s)) end)
end

each("transpose", { 3, 4 }, { 4, 3 }, transpose)
each("transpose_rank3", { 2, 3, 2 }, { 2, 2, 3 }, transpose)
each("transpose_rank4", { 2, 1, 3, 2 }, { 2, 1, 2, 3 }, transpose)
each("transpose_twice", { 3, 4 }, { 3, 4 }, function(v) return transpose(tanh(transpose(v))) end)
each("flatten_transposed", { 3, 4 }, { 12 }, function(v) return flatten(transpose(v)) end)
each("reshape", { 3, 4 }, { 2, 6 }, function(v) return reshape(v, { 2, 6 }) end)
each("reshape_twice", { 3, 4 }, { 6, 2 },
  function(v) return transpose(reshape(reshape(v, { 12 }), { 2, 6 })) end)
each("reshape_of_slice", { 3, 4 }, { 6 }, function(v) return reshape(slice(v, 2, 3), { 6 }) end)
each("scalar", { 1 }, {}, function(v) return reshape(v, {}) end)
each("slice_rows", { 3, 4 }, { 2, 4 }, function(v) return slice(v, 2, 3, 1) end)
each("slice_columns", { 3, 4 }, { 3, 2 }, function(v) return slice(v, -3, -2) end)
each("slice_middle", { 2, 3, 2 }, { 2, 1, 2 }, function(v) return slice(v, 2, 2, 2) end)
each("slice_of_slice", { 3, 4 }, { 2, 2 },
  function(v) return slice(slice(slice(v, 2, 4), 2, 3), 1, 2, 1) end)
each("slices_overlap", { 12 }, { 8 },
  function(v) return slice(v, 1, 8) * slice(v, 4, 11) + slice(v, 5, 12) end)
each("slices_both_ways", { 3, 4 }, { 3, 4 },
  function(v) return v * slice(v, 1, 1) + slice(v, 3, 3, 1) + slice(slice(v, 2, 2), 2, 2, 1) end)
each("split", { 12 }, { 4 }, function(v) local a, b, c = split(v, 3) return a * b + tanh(c) end)
each("split_rows", { 3, 4 }, { 1, 4 },
  function(v) local a, b, c = split(v, 3, 1) return a * b - c end)
each("split_uses_two", { 12 }, { 3 }, function(v) local a, _, c = split(v, 4) return a * c end)
each("split_and_join", { 12 }, { 12 },
  function(v) local a, b, c = split(v, 3) return concat { c, a, b } end)
each("concat_itself", { 3, 4 }, { 3, 12 }, function(v) return concat { v, v, square(v) } end)
each("concat_one", { 3, 4 }, { 3, 4 }, function(v) return concat { v } end)
each("concat_rows", { 3, 4 }, { 5, 4 }, function(v) return concat({ v, slice(v, 1, 2, 1) }, 1) end)
each("concat_middle", { 2, 3, 2 }, { 2, 5, 2 },
  function(v) return concat({ slice(v, 2, 3, 2), tanh(v) }, 2) end)
each("concat_of_concat", { 4 }, { 13 },
  function(v) return concat { concat { v, v * v }, slice(v, 2, 2), concat { v } } end)
each("slice_of_concat", { 4 }, { 5 },
  function(v) return slice(concat { v, v * v, tanh(v) }, 3, 7) end)
each("concat_transposed", { 3, 4 }, { 4, 6 },
  function(v) return concat { transpose(v), transpose(square(v)) } end)
each("stack", { 4 }, { 2, 4 }, function(v) return stack { v, v * v } end)
each("stack_last", { 4 }, { 4, 3 }, function(v) return stack({ v, v * v, tanh(v) }, 2) end)
each("stack_scalars", { 2 }, { 3 },
  function(v) return stack { sum(v), sum(v * v), sum(tanh(v)) } end)
each("stack_middle", { 3, 4 }, { 3, 2, 4 }, function(v) return stack({ v, square(v) }, -2) end)

-- Parts that differ in where they come from: numbers, parameters, the input and the state.
cases.add("concat_mixed", { 2, 12 }, { a = param({ 2, 3 }, uniform(1)), b = param({ 2, 1 }, uniform(1)) },
  function(p, x, h)
    return concat { p.a, cases.numbers({ 2, -1 }, { 2, 1 }), part(h, { 2, 2 }), p.b, part(x, { 2, 4 }), p.b * part(h, { 2, 1 }) }
  end)
cases.add("concat_shared", { 7 }, { a = param({ 3 }, uniform(1)), b = param({ 3 }, uniform(1)) },
  function(p) return concat { p.a, p.a * p.b, reshape(sum(p.b), { 1 }) } end)
cases.add("stack_mixed", { 3, 12 }, { a = param({ 12 }, uniform(1)) },
  function(p, x, h) return stack { h, p.a, x } end)
-- Broadcast in place of an expansion.
cases.add("broadcast_parts", { 3, 8 }, { a = param({ 1, 4 }, uniform(1)) },
  function(p, _, h)
    local wide = p.a + part(h, { 3, 1 })
    return concat { wide, wide * p.a }
  end)

return cases.model()
