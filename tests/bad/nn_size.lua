-- expect: tests/bad/nn_size.lua:5: nn.lstm takes 2 or 3 arguments, nn.lstm(input, hidden [, { layers = 1, dropout = 0, bias = true, peephole = false, layer_norm = false, zoneout = 0, projection = ..., coupled = false }]); it was given 1
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.lstm(4) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
