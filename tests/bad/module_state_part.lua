-- expect: tests/bad/module_state_part.lua:6: the step returned (... * ...) of shape {8} as the next state rnn; it must be a table { c = ..., h = ... }
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.lstm(4, 8) },
  step = function(p, x, s)
    local y, h = p.rnn(x, s.rnn)
    return y, { rnn = h.h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
