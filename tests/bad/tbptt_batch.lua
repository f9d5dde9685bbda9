-- expect: tests/bad/tbptt_batch.lua:2: tbptt: batch is 1000000000; it must be a whole number from 1 to 65536; every lane has its own memory for k2 steps
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
  tbptt = { k1 = 1, k2 = 4, batch = 1e9 },
}
