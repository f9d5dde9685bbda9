-- expect: tests/bad/param_four.lua:5: param takes 1 to 3 arguments, param(shape [, init] [, { trainable = true, lr = 1, weight_decay = 1, constrain = ... }]); it was given 4
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, 0, { lr = 1 }, 2) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
