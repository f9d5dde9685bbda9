-- expect: tests/bad/learned_option.lua:6: learned has no field train; its fields are trainable, lr, weight_decay, constrain
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = learned({ 8 }, 0, { train = false }) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
