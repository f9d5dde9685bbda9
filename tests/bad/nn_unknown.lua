-- expect: tests/bad/nn_unknown.lua:5: nn.lstn: there is no such module; did you mean lstm?
return model {
  input = real(4),
  target = real(8),
  params = { rnn = nn.lstn(4, 8) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
