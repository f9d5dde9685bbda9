-- States that are no recurrence: what a step leaves is made of its input and of what the step before left, and h of the input
-- alone. So all runs for all steps at once, and an adjoint is read one slot from where it is computed, in the newest slot
-- from another computation than in the rest. That of g is one loop over all slots but the newest, and so is what the slot
-- before makes of it: of the same elements, but not at the same time.
local o = options { batch = 1, k2 = 6 }

local function vector(x) return param({ 4 }, x) end

return model {
  input  = real(4),
  target = real(4),
  params = { a = vector(0.7), b = vector(0.3), q = vector(0.5), u = vector(0.8), v = vector(1.1), w = vector(0.4) },
  state  = { h = { 4 }, g = { 4 }, e = { 4 } },
  step   = function(p, x, s)
    local y = p.u * s.e + p.v * s.g + p.q * square(s.g) + p.w * s.h
    return y, { h = tanh(p.a * x), g = p.b * s.h, e = concat { slice(s.g, 3, 4), slice(s.g, 1, 2) } }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k2, k2 = o.k2, batch = o.batch },
}
