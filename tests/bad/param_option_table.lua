-- expect: tests/bad/param_option_table.lua:5: param: argument 3 is false; it is a table of options: param(shape [, init] [, { trainable = true, lr = 1, weight_decay = 1, constrain = ... }])
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, false) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
