-- expect: tests/bad/sum_dim.lua:8: sum: 3 is not a dimension of W(x), which is {8}; its dimensions are 1, or -1
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = sum(p.W(x), 3)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
