-- zoo/tones.lua: words of three tones in noise, told apart by their order: a GRU of 16 units that listens, then in 8 bits
--
-- As keyword spotters for microcontrollers are built (Y. Zhang, N. Suda, L. Lai & V. Chandra, "Hello edge", 2017): frames of a filter bank in,
-- a small recurrent net, one label at the end. All six words have the same three tones; noise without a word is the seventh class.
local o = options { hidden = 16, bands = 8, classes = 7, longest = 36 }

return model {
  input  = { band = real(o.bands) },
  target = { word = token(o.classes) },
  params = { rnn = nn.gru(o.bands, o.hidden), head = nn.linear(o.hidden, o.classes) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.band, s.rnn)
    return { word = p.head(h) }, { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 12, k2 = 12 + o.longest - 1, batch = 16, unroll = false },
  train  = { optimizer = adam { lr = 5e-3 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
