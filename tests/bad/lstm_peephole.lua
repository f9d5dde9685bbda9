-- expect: tests/bad/lstm_peephole.lua:5: nn.lstm: peephole is 1; it must be true or false
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { peephole = 1 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
