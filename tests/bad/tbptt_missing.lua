-- expect: tests/bad/tbptt_missing.lua:2: tbptt is missing: tbptt = { k1 = 8, k2 = 32 } updates every 8 steps from the last 32
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
}
