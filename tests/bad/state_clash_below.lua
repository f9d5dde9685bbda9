-- expect: tests/bad/state_clash_below.lua:2: state.enc: params.enc brings states of this name
return model {
  input = real(4),
  target = real(8),
  params = { enc = { rnn = nn.gru(4, 8) } },
  state = { enc = { 8 } },
  step = function(p, x, s)
    local y, rnn = p.enc.rnn(x, s.enc.rnn)
    return y, { enc = { rnn = rnn } }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
