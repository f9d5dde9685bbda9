-- States that are no recurrence: what a step leaves is made of its input and of what the step before left, and h of the input
-- alone. So all runs for all steps at once, and an adjoint is read one slot from where it is computed, in the newest slot
-- from another computation than in the rest.
local o = options { batch = 1, k2 = 6 }

return model {
  input  = real(4),
  target = real(4),
  params = { a = param({ 4 }, 0.7), b = param({ 4 }, 0.3), v = param({ 4 }, 1.1), w = param({ 4 }, 0.4) },
  state  = { h = { 4 }, g = { 4 } },
  step   = function(p, x, s)
    return p.v * s.g + p.w * s.h, { h = tanh(p.a * x), g = p.b * s.h }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k2, k2 = o.k2, batch = o.batch },
}
