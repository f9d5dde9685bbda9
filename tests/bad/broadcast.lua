-- expect: tests/bad/broadcast.lua:8: W(x) + b: W(x) is {8} but b is {3}; shapes are matched from the right, and only a 1 stretches
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, b = { 3 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.W(x) + p.b
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
