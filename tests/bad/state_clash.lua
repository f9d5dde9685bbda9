-- expect: tests/bad/state_clash.lua:2: state.rnn: the module rnn brings a state of this name
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.gru(4, 8) },
  state = { rnn = { 8 } },
  step = function(p, x, s)
    local y, h = p.rnn(x, s.rnn)
    return y, { rnn = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
