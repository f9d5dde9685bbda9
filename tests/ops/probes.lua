-- What a probe may mark: values that are used often, or not at all, next states, outputs, states as they enter,
-- inputs, parameters and what is made of them, views, equal expressions, twice the same; with -D head=true also
-- in a head, of which the older steps' values are seen through more than one road.
local o = options { k2 = 4, batch = 3, overlap = "recompute", head = false }

local function step(p, x, s)
  local h = probe("h", tanh(p.W(x) + p.U(probe("entering", s.h)) + p.b))
  local thrice = probe("thrice", sigmoid(h * s.m))
  probe("again", h)                                      -- two probes on one value
  probe("equal", tanh(p.W(x) + p.U(s.h) + p.b))          -- the same value once more
  probe("unused", square(h) - x)
  probe("passed", s.passed)                              -- returned as it is
  probe("input", x)
  probe("number", 0.5)
  local numbers = probe("table", const { 0.5, -1, 2 })
  probe("frozen", p.frozen)                              -- has a gradient here, and none as a parameter
  probe("not_reached", p.nowhere)
  probe("V", p.V)
  local scale = probe("scale", exp(p.log_scale))         -- of parameters alone
  local twofold = probe("twofold", scale * scale + p.c)  -- and what is made of that
  probe("never_used", sum(p.c))
  local stopped = probe("stopped", stop_gradient(probe("doubled", 2 * x)))
  probe("behind", thrice * stop_gradient(thrice))        -- nothing is sent back from here
  local left = probe("view", slice(h, 1, 2))
  local again = concat { left, probe("part", slice(h, 3, 3)) }
  local m = probe("m", thrice * twofold + 0.1 * again + stopped * thrice * p.frozen + numbers * h)
  local bent = probe("bent", tanh(h))                    -- a head makes the same of ys[2].h
  local y = p.V(m) + scale * sum(s.passed * h) + p.V(bent)
  return { y = y, h = h, shared = scale, shared_state = 0.5 * p.c, x = x },
    { h = h, m = m, passed = s.passed, shared = 0.5 * p.c, fixed = 0.25 + 0 * s.fixed }
end

local function head(p, ys, ss)
  local n = #ys
  probe("seen", ys[1].h)                                 -- the step's value, whatever else becomes of it
  for t = 1, n do probe("seen_state" .. t, ss[t].h) end
  probe("seen_newest", ss[n].m)
  probe("seen_passed", ss[1].passed)
  probe("seen_shared", ys[2].shared)
  probe("seen_shared_state", ss[2].shared)
  probe("seen_input", ys[1].x)
  local again = probe("made_again", tanh(ys[2].h))
  local other = tanh(ss[2].h)                            -- equal to it, by another road
  local all = probe("all", stack { ys[1].h, ss[2].h, ss[n].m })
  local scale = probe("scale_again", exp(p.log_scale) * ys[1].shared)
  return p.V(sum(all, 1) + again * other + scale * ss[1].passed + ss[2].shared * ss[1].fixed) +
    p.V(ys[1].x * ys[2].shared_state) * ys[2].shared
end

return model {
  input  = real(3),
  target = real(2),
  params = {
    W = { 3, 3 }, U = { 3, 3 }, b = { 3 }, V = { 2, 3 }, log_scale = param({ 1 }, 0.3), c = param({ 3 }, uniform(1)),
    frozen = param({ 3 }, uniform(1), { trainable = false }), nowhere = { 3 },
  },
  state  = { h = learned({ 3 }, normal(1)), m = { 3 }, passed = init({ 3 }, 0.7), shared = { 3 }, fixed = { 3 } },
  step   = step,
  window = o.head and head or nil,
  loss   = function(y, t)
    if type(y) == "table" and y.y then y = y.y end
    local d = probe("error", y - t)
    return probe("loss", sum(square(d)))
  end,
  tbptt  = { k1 = 1, k2 = o.k2, batch = o.batch, overlap = o.overlap },
}
