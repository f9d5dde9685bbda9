-- expect: tests/bad/split.lua:8: split: dimension 1 of s.h is 8, which does not divide into 3 equal parts
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local a, b, c = split(s.h, 3)
    return p.W(x), { h = s.h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
