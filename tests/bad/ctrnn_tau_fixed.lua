-- expect: tests/bad/ctrnn_tau_fixed.lua:5: nn.ctrnn: tau is 0.25; it must be a number from dt = 0.5, beyond which Euler's step would carry it
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.ctrnn(4, 8, { dt = 0.5, tau = 0.25, train_tau = false }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
