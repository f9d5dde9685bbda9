-- expect: tests/bad/optimizer_forgetting.lua:13: ekf: forgetting is 1.5; it must be a number above 0, and 1 at most
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
  train = { optimizer = ekf { forgetting = 1.5 } },
}
