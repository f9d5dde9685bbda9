-- expect: tests/bad/slice_range.lua:8: slice: to is 9; dimension 1 of W(x) has elements 1 to 8, or -8 to -1
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = slice(p.W(x), 2, 9)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
