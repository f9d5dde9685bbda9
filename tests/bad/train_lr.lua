-- expect: tests/bad/train_lr.lua:2: train has no field lr; it is a field of the optimizer, adam { lr = 1e-3 }
return model {
  input = real(4), target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 }, train = { lr = 1e-3 },
}
