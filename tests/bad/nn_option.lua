-- expect: tests/bad/nn_option.lua:5: nn.lstm has no field layer; did you mean layers?
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.lstm(4, 8, { layer = 2 }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
