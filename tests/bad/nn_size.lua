-- expect: tests/bad/nn_size.lua:5: nn.lstm: the hidden size is nil; it must be a whole number from 1 to 16777216
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
