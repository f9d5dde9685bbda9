-- expect: tests/bad/ctrnn_tau.lua:5: nn.ctrnn: tau is 1; it must be a number above dt = 1, beyond which Euler's step would carry it
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.ctrnn(4, 8, { tau = 1 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
