-- expect: tests/bad/reshape.lua:8: reshape: s.h is {8}, 8 elements, but {3, 3} has 9
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = reshape(s.h, { 3, 3 })
    return p.W(x), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
