-- expect: tests/bad/list_hole.lua:8: stack: the list has something under 3; it is a list of 1
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = stack { p.W(x), [3] = s.h }
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
