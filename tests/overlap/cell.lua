-- A cell of one unit whose every kept value matters going back: h' = tanh(w h + b x), loss v h'^2.
-- With `apart` the loss does not go through the next state: h' = h/2 + tanh(w h + b x), loss v (w h + b x)^2.
-- Then a step's tanh is of no use to the window that computed it as its newest step, only to later ones.
local o = options { k1 = 1, k2 = 3, overlap = "recompute", loss = "new", reduce = "mean", apart = false }

return model {
  input  = real(1),
  params = { w = param({ 1 }, 0.7), b = param({ 1 }, 0.2), v = param({ 1 }, 1.5) },
  state  = { h = init({ 1 }, 0.9) },
  step   = function(p, x, s)
    local z = p.w * s.h + p.b * x
    local h = tanh(z)
    if o.apart then return p.v * square(z), { h = 0.5 * s.h + h } end
    return p.v * square(h), { h = h }
  end,
  loss   = function(y) return sum(y) end,
  tbptt  = { k1 = o.k1, k2 = o.k2, loss = o.loss, overlap = o.overlap, reduce = o.reduce },
  train  = { optimizer = sgd { lr = 0.1 } },
}
