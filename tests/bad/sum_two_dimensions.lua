-- expect: tests/bad/sum_two_dimensions.lua:8: sum: argument 3 is 2; it is a table of options: sum(x [, dim] [, { keepdim = false }])
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = sum(p.W, 1, 2)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
