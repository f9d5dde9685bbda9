-- expect: tests/bad/mse_sum.lua:8: mse: argument 3 is 'sum'; it is a table of options: mse(y, target [, { reduce = "mean" }])
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return mse(y, target, "sum")
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
