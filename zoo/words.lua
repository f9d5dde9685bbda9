-- zoo/words.lua: the next word of the King James Bible, by an LSTM
--
-- A word model as those of the Penn Treebank (T. Mikolov et al., "Recurrent neural network based language model", Interspeech 2010) on a text that Debian
-- ships. Words that the training has less than 20 times are one token, `--other 20`.
local o = options { vocab = 2400, embed = 128, hidden = 256 }

return model {
  input  = token(o.vocab),
  target = token(o.vocab),
  params = { see = nn.embedding(o.vocab, o.embed), rnn = nn.lstm(o.embed, o.hidden), head = nn.linear(o.hidden, o.vocab) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(p.see(x), s.rnn)
    return p.head(dropout(h, 0.1)), { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 20, k2 = 20, batch = 16, unroll = false },
  train  = { optimizer = adam { lr = 3e-3 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
