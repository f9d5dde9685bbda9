-- shop.lua: visitors of the next hour, by this one's, the weather and the time. What the net says is the change.
local o = options { hidden = 16 }

return model {
  input  = { visitors = real(1), sky = token(4), clock = real(4) },
  target = { visitors = real(1) },
  params = {
    sky  = nn.embedding(4, 3),
    rnn  = nn.gru(8, o.hidden),
    head = nn.linear(o.hidden, 1),
  },
  step   = function(p, x, s)
    local h, rnn = p.rnn(concat { x.visitors, x.clock, p.sky(x.sky) }, s.rnn)
    return { visitors = x.visitors + p.head(h) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 12, k2 = 24, batch = 2 },
  train  = { optimizer = adam { lr = 5e-3 }, clip_norm = 1 },
}
