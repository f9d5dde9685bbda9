-- expect: tests/bad/tbptt_word.lua:2: tbptt: overlap is 'keep'; it must be 'recompute', 'retain' or 'versions'
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
  tbptt = { k1 = 1, k2 = 4, overlap = 'keep' },
}
