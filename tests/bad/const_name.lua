-- expect: tests/bad/const_name.lua:2: const: the numbers at [1] have the field rows; a table of numbers is a list, or a list of lists
local A = const({ { 1, 2, rows = 3 } })
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
