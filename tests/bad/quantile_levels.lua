-- expect: tests/bad/quantile_levels.lua:7: quantile takes levels, numbers between 0 and 1 that ascend: loss = quantile { 0.1, 0.5, 0.9 }, or quantile(y, target, { 0.1, 0.5, 0.9 })
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = quantile { 0.1, 0.9, 0.5 },
  tbptt = { k1 = 1, k2 = 4 },
}
