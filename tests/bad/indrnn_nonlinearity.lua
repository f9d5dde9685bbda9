-- expect: tests/bad/indrnn_nonlinearity.lua:5: nn.indrnn: nonlinearity is 'sigmoid'; it must be 'relu' or 'tanh'
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.indrnn(4, 8, { nonlinearity = "sigmoid" }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
