-- expect: tests/bad/learn_state_name.lua: a state named residual: that is what the learner itself carries; give it another name
return model {
  input = real(2), target = real(2),
  params = { W = { 2, 2 } },
  state = { residual = { 2 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.residual)
    return h, { residual = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 1, learn = "rtrl" },
}
