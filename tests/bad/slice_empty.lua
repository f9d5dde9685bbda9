-- expect: tests/bad/slice_empty.lua:8: slice: from 8 to 1 is empty
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = slice(p.W(x), -1, 1)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
