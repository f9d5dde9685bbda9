-- expect: tests/bad/module_without_state.lua:7: rnn has a state: y, new = p.rnn(x, s.rnn), and the step returns it; the state given is nil
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.lstm(4, 8) },
  step = function(p, x, s)
    local y = p.rnn(x)
    return y, { rnn = y }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
