-- expect: tests/bad/foreign_global.lua:5: LSTM is not defined: write nn.lstm(input, hidden)
return model {
  input = real(4),
  target = real(8),
  params = { f = LSTM(4, 8) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
