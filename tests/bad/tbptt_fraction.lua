-- expect: tests/bad/tbptt_fraction.lua:2: tbptt: k2 is 4.5; it must be a whole number from 1 to 65536; every one of the k2 steps has a place of its own in the window
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
  tbptt = { k1 = 1, k2 = 4.5 },
}
