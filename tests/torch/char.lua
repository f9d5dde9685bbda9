-- Characters in, the next character out.
local o = options { layers = 1, k = 8, clip_norm = 0.0, clip_value = 0.0 }

return model {
  input  = token(12),
  target = token(12),
  params = {
    embed = nn.embedding(12, 6),
    rnn   = nn.lstm(6, 8, { layers = o.layers }),
    head  = nn.linear(8, 12),
  },
  step   = function(p, x, s)
    local h, rnn = p.rnn(p.embed(x), s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = o.k, k2 = o.k, batch = 3 },
  train  = { optimizer = adam { lr = 1e-2 }, clip_norm = o.clip_norm, clip_value = o.clip_value },
}
