-- expect: tests/bad/foreign_function.lua:8: batch_norm is not defined: its statistics run over the lanes, and a step is written for one example; layer_norm(x, gain, bias) is there
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = batch_norm(p.W(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
