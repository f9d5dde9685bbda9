-- expect: tests/bad/const_param.lua:2: const takes numbers, const { { 1, 0 }, { 0, 1 } }, not param(...)
local A = const(param({ 3 }))
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
