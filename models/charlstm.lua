-- models/charlstm.lua: characters in, next character out: an embedding, LSTM layers, a softmax.
-- A. Graves, "Generating sequences with recurrent neural networks" (2013); the sizes are those
-- usual for a text of a few megabytes.
local o = options { vocab = 256, embed = 64, hidden = 128, layers = 2 }

return model {
  input  = token(o.vocab),
  target = token(o.vocab),
  params = {
    embed = nn.embedding(o.vocab, o.embed),
    rnn   = nn.lstm(o.embed, o.hidden, { layers = o.layers }),
    head  = nn.linear(o.hidden, o.vocab),
  },
  step = function(p, x, s)
    local h, rnn = p.rnn(p.embed(x), s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss  = cross_entropy,
  tbptt = { k1 = 50, k2 = 50, batch = 50 },
  train = { optimizer = adam { lr = 2e-3 }, clip_norm = 5 },
}
