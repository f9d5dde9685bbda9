-- expect: tests/bad/module_input.lua:7: rnn.weight_ih_l0(x): rnn.weight_ih_l0 is {32, 5} but x is {4}; rnn.weight_ih_l0 takes a vector of 5
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.lstm(5, 8) },
  step = function(p, x, s)
    local y, h = p.rnn(x, s.rnn)
    return y, { rnn = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
