-- expect: tests/bad/concat_list.lua:8: concat takes a list of values, concat { a, b }, not s.h of shape {8}
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = concat(s.h, x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
