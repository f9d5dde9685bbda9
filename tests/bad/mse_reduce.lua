-- expect: tests/bad/mse_reduce.lua:8: mse: reduce is 'none'; it must be 'mean' or 'sum'
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return mse(y, target, { reduce = "none" })
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
