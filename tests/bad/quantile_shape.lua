-- expect: tests/bad/quantile_shape.lua:2: quantile: the output is {8}, and 3 levels of the target {8} are {24}, those of one number side by side
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = quantile { 0.1, 0.5, 0.9 },
  tbptt = { k1 = 1, k2 = 4 },
}
