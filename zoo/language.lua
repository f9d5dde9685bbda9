-- zoo/language.lua: is a word English, French, German, Italian or Spanish? character by character, by a GRU
--
-- The task of PyTorch's tutorial "Classifying names with a character-level RNN", on words of Debian's lists (wamerican, wfrench, wngerman, witalian,
-- wspanish). Letters that are rare are one token, by `--other`, which takes one of the languages' six tokens as well. The label stands
-- at the last letter alone.
local o = options { letters = 64, embed = 12, hidden = 64, longest = 16 }

return model {
  input  = { letter = token(o.letters) },
  target = { language = token(6) },
  params = { see = nn.embedding(o.letters, o.embed), rnn = nn.gru(o.embed, o.hidden), head = nn.linear(o.hidden, 6) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(p.see(x.letter), s.rnn)
    return { language = p.head(dropout(h, 0.2)) }, { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 8, k2 = 8 + o.longest - 1, batch = 32, unroll = false },
  train  = { optimizer = adam { lr = 4e-3 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
