-- expect: tests/bad/loss_no_target.lua:2: mse compares the output with a target; the model has no target
return model {
  input = real(4),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
