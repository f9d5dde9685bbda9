-- expect: tests/bad/ctrnn_tau_list.lua:5: nn.ctrnn: tau is a list of 2; it must be a number, or a list of 8, one for each unit
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.ctrnn(4, 8, { tau = { 2, 3 } }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
