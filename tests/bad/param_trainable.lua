-- expect: tests/bad/param_trainable.lua:5: param: trainable is 0; it must be true or false
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { trainable = 0 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
