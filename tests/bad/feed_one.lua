-- expect: tests/bad/feed_one.lua:8: feed: the probability is 1; it must be a number from 0, and below 1, where evaluation reads x
return model {
  input = { x = real(4), word = token(3) },
  target = real(3),
  params = { W = { 3, 4 } },
  state = { y = { 3 } },
  step = function(p, x, s)
    local y = feed(p.W(x.x), s.y, 1)
    return y, { y = y }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
