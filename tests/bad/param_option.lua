-- expect: tests/bad/param_option.lua:5: param has no field learning_rate; did you mean lr?
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { learning_rate = 0.1 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
