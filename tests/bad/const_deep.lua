-- expect: tests/bad/const_deep.lua:2: const: the numbers are nested more than 4 deep; a value has at most 4 dimensions
local A = const({ { { { { 1 } } } } })
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
