-- expect: tests/bad/feed_shape.lua:8: feed: x is {4} but what was said before is {3}
return model {
  input = { x = real(4), word = token(3) },
  target = real(3),
  params = { W = { 3, 4 } },
  state = { y = { 3 } },
  step = function(p, x, s)
    local y = feed(x.x, s.y, 0.5)
    return y, { y = y }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
