-- zoo/gesture.lua: six gestures from a wrist's acceleration, by a GRU of 10 units for a microcontroller, in 8 bits
--
-- The task of P. Warden & D. Situnayake's "magic wand" (TinyML, 2019): three axes at 25 Hz, and which movement it was.
-- Wrists are turned, quicker or slower, stronger or weaker, and shake.
local o = options { hidden = 10, classes = 6, longest = 50 }

return model {
  input  = { acceleration = real(3) },
  target = { gesture = token(o.classes) },
  params = { rnn = nn.gru(3, o.hidden), head = nn.linear(o.hidden, o.classes) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.acceleration, s.rnn)
    return { gesture = p.head(h) }, { rnn = rnn }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = 10, k2 = 10 + o.longest - 1, batch = 16, unroll = false },
  train  = { optimizer = adam { lr = 1e-2 }, schedule = cosine { floor = 0.02 }, clip_norm = 1 },
}
