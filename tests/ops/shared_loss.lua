-- A loss that parameters alone make: one for all lanes, and for every step that counts.
local o = options { batch = 1 }

return model {
  params = { a = param({ 3 }, uniform(1)), b = param({ 3 }, uniform(1)) },
  state  = { h = { 3 } },
  step   = function(p, _, s)
    local y = probe("y", tanh(p.a * p.b))
    return y, { h = 0.5 * s.h + y }
  end,
  loss   = function(y) return mean(square(y) + exp(y)) end,
  tbptt  = { k1 = 1, k2 = 3, batch = o.batch },
}
