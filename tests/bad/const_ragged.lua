-- expect: tests/bad/const_ragged.lua:2: const: the numbers have rows of different lengths: the one at [3] has 2, those before it 3
local A = const({ { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8 } })
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
