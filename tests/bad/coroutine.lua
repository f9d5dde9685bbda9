-- expect: tests/bad/coroutine.lua:2: coroutine is not available in a spec: a spec only describes a model
local f = coroutine.wrap(print)
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
