-- expect: tests/bad/concat.lua:8: concat: part 1 is {8, 4} but part 2 is {8}; they may differ only in dimension 2
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = concat({ p.W, s.h })
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
