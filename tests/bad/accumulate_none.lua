-- expect: tests/bad/accumulate_none.lua:2: train: accumulate is 0; it must be a whole number from 1 to 1099511627776; the windows of an update
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
  train = { accumulate = 0 },
}
