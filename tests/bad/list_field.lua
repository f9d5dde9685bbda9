-- expect: tests/bad/list_field.lua:8: concat: the list has something under 'dim'; it is a list of 2
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = concat { p.W(x), s.h, dim = 1 }
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
