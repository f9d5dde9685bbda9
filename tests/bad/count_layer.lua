-- expect: tests/bad/count_layer.lua:6: rnn takes 2 arguments, p.rnn(x, s.rnn); it was given 3
return model {
  input = real(4), target = real(8),
  params = { rnn = nn.gru(4, 8) },
  step = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn, s.rnn)
    return h, { rnn = rnn }
  end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 },
}
