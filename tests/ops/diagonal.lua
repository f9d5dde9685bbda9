-- Recurrences in which no element of a state moves another, for learn = "diagonal": gates in one matrix, out of order; a bias
-- for each; a decay that is a parameter; a delay; a state that is learned; a matrix that two states read; what the loss sees
-- past the states. dense = true: a parameter that every element reads, too.
local o = options { k1 = 3, batch = 2, dense = false }

return model {
  input  = real(3),
  target = real(2),
  params = {
    W = { 8, 3 }, b = { 8 }, decay = param({ 4 }, uniform(0.5)), V = { 2, 4 }, c = { 2 }, D = { 2, 3 },
    shared = { 4, 3 }, all = param({ 1 }, 0.7),
  },
  state  = { h = { 4 }, q = learned({ 4 }, uniform(0.3)), late = { 4 } },
  step   = function(p, x, s)
    local gates = p.W(x) + p.b
    local f, i = split(gates, 2)
    local h = sigmoid(i) * s.h + tanh(f + p.shared(x))
    local q = tanh(p.decay) * s.q + p.shared(x)
    if o.dense then q = q * p.all end
    local seen = tanh(concat({ slice(gates, 1, 2), slice(q, 3, 4) }))
    return p.V(h * s.late + seen) + p.c + p.D(x), { h = h, q = q, late = s.h }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k1, batch = o.batch, learn = "diagonal", resets = true, masks = true },
}
