-- expect: tests/bad/tbptt_k1.lua:2: tbptt: k1 is 0; it must be a whole number from 1 to 65536; that is how many steps lie between two updates
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
  tbptt = { k1 = 0, k2 = 4 },
}
