-- expect: tests/bad/const_infinite.lua:2: const: the numbers have inf at [2][2]; they must be finite
local A = const({ { 1, 2 }, { 3, 1 / 0 } })
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
