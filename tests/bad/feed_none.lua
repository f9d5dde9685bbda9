-- expect: tests/bad/feed_none.lua:8: feed: the probability is 0; it must be a number above 0, and at most 1, where evaluation reads previous
return model {
  input = { x = real(4), word = token(3) },
  target = real(3),
  params = { W = { 3, 4 } },
  state = { y = { 3 } },
  step = function(p, x, s)
    local y = feed(p.W(x.x), s.y, 0, { evaluation = 'previous' })
    return y, { y = y }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
