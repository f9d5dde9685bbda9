-- expect: tests/bad/max_third.lua:8: max(max(...), x): max(...) is {8} but x is {4}; shapes are matched from the right, and only a 1 stretches
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = max(p.W(x), 0, x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
