-- The only parameter is not trainable: nothing changes it.
return model {
  input = real(1), target = real(1), params = { w = param({1}, 1, { trainable = false }) },
  step = function(p, x, s) return p.w * x end,
  loss = mse, tbptt = { k1 = 1, k2 = 1 }, train = { optimizer = sgd { lr = 0.1 } },
}
