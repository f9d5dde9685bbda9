-- expect: tests/bad/dropout_one.lua:8: dropout: the probability is 1; it must be a number from 0, and below 1
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = dropout(p.W(x), 1)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
