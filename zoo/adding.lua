-- zoo/adding.lua: the sum of two marked numbers among 200 (Hochreiter & Schmidhuber, 1997), by a linear recurrent unit
--
-- S. Hochreiter & J. Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 4, as Q. V. Le, N. Jaitly & G. E.
-- Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015) pose it. What is to be kept is decided by a
-- layer that sees the step alone; the memory is nn.lru, with moduli near 1.
local o = options { width = 32, state = 32, length = 200 }

return model {
  input  = { u = real(2, { raw = true }) },
  target = { sum = real(1, { raw = true }) },
  params = { see = nn.linear(2, o.width), keep = nn.lru(o.width, o.width, { state = o.state, r_min = 0.99, r_max = 0.9999, max_phase = 0.1 }),
             think = nn.linear(o.width, o.width), head = nn.linear(o.width, 1) },
  step   = function(p, x, s)
    local y, keep = p.keep(relu(p.see(x.u)), s.keep)
    return { sum = p.head(relu(p.think(y))) }, { keep = keep }
  end,
  loss   = mse,
  tbptt  = { k1 = o.length, k2 = o.length, batch = 32, unroll = false },
  train  = { optimizer = adam { lr = 3e-3 }, schedule = cosine { floor = 0.02, warmup = 50 }, clip_norm = 1 },
}
