-- expect: tests/bad/optimizer_lbfgs_warmup.lua:2: train: the schedule is of a learning rate, and lbfgs has none: it looks for the length of its steps itself; leave the schedule out (--set train.schedule=constant --set train.schedule.warmup=0)
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
  train = { optimizer = lbfgs {}, schedule = constant { warmup = 3 } },
}
