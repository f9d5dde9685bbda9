-- zoo/digits.lua: handwritten digits of 8 x 8 pixels, read row by row from the top (scikit-learn's): a GRU
--
-- The set of E. Alpaydin & C. Kaynak, "Cascading classifiers", Kybernetika 34 (1998), as scikit-learn ships its test part. The net sees
-- eight pixels a step and says the digit after the last row, as Q. V. Le et al. (2015) read MNIST pixel by pixel.
local o = options { hidden = 48 }

return model {
  input  = { pixel = real(8) },
  target = { digit = token(10) },
  params = { rnn = nn.gru(8, o.hidden), head = nn.linear(o.hidden, 10) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(dropout(x.pixel, 0.1), s.rnn)
    return { digit = p.head(dropout(h, 0.3)) }, { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 8, k2 = 8, batch = 16 },
  train  = { optimizer = adamw { lr = 5e-3, weight_decay = 0.05 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
