-- expect: tests/bad/module_in_state.lua:2: state.rnn is a module; modules stand in params
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { rnn = nn.gru(4, 8) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
