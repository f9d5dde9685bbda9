-- zoo/copying.lua: ten symbols, to be said again a hundred steps later (Hochreiter & Schmidhuber, 1997; Arjovsky et al., 2016)
--
-- M. Arjovsky, A. Shah & Y. Bengio, "Unitary evolution recurrent neural networks", ICML 2016, section 5.2. Symbols 0 to 7, then 100 times 8
-- of which the last is 9, then 10 times 8; due is 8 for 110 steps and then the ten symbols. Who remembers nothing says 8 and guesses: 10 ln 8 / 120.
-- A turning state that hardly shrinks, nn.lru with moduli near 1 and all angles, is a delay line of any length.
local o = options { width = 32, state = 160, length = 120 }

return model {
  input  = { said = token(10) },
  target = { due = token(10) },
  params = { see = nn.embedding(10, o.width), keep = nn.lru(o.width, o.width, { state = o.state, r_min = 0.999, r_max = 0.9999 }),
             head = nn.linear(o.width, 10) },
  step   = function(p, x, s)
    local y, keep = p.keep(p.see(x.said), s.keep)
    return { due = p.head(y) }, { keep = keep }
  end,
  loss   = cross_entropy,
  tbptt  = { k1 = o.length, k2 = o.length, batch = 32, unroll = false },
  train  = { optimizer = adam { lr = 3e-3 }, schedule = cosine { floor = 0.02, warmup = 50 }, clip_norm = 1 },
}
