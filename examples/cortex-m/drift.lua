-- drift.lua: the next sample of a signal from those so far (Cho et al., 2014), one lane, an update for every sample.
local o = options { hidden = 12 }

return model {
  input  = { signal = real(1) },
  target = { next = real(1) },
  params = { rnn = nn.gru(1, o.hidden), head = nn.linear(o.hidden, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.signal, s.rnn)
    return { next = p.head(h) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 8 },
  train  = { optimizer = sgd { lr = 0.02 }, clip_norm = 1 },
}
