-- expect: tests/bad/train_epochs.lua:2: train has no field epochs; it is an option of the command, tapeless train --epochs 10
return model {
  input = real(4), target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 }, train = { epochs = 10 },
}
