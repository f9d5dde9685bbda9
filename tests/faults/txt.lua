-- txt.lua: the same of characters.
return model {
  input  = token(32),
  target = token(32),
  params = { embed = nn.embedding(32, 4), rnn = nn.gru(4, 6), head = nn.linear(6, 32) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(p.embed(x), s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 6, k2 = 6, batch = 2 },
}
