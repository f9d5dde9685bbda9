-- expect: tests/bad/ctrnn_tau_element.lua:5: nn.ctrnn: tau[2] is 0; it must be a number above dt = 1, beyond which Euler's step would carry it
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.ctrnn(4, 2, { tau = { 2, 0 } }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
