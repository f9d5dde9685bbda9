-- expect: tests/bad/window_loss_all.lua:2: tbptt: loss is 'all'; a model with a window has one loss a window, the newest step's: 'last'
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
  tbptt = { k1 = 2, k2 = 4, loss = 'all' },
  window = function(p, ys, ss)
    return ys[1]
  end,
}
