-- What pyrenn calls [1 H 1] with input delays 0, 1, 2 and output delays 1, 2: y[t] = V tanh(W (u[t], u[t-1], u[t-2], y[t-1], y[t-2]) + b) + c,
-- y being its own, and 0 before the first step.
local o = options { hidden = 8 }

return model {
  input  = { u = real(1) },
  target = { y = real(1) },
  params = { W = { o.hidden, 5 }, b = { o.hidden }, V = { 1, o.hidden }, c = { 1 } },
  state  = { u = { 2 }, y = { 2 } },
  step   = function(p, x, s)
    local y = p.V(tanh(p.W(concat { x.u, s.u, s.y }) + p.b)) + p.c
    return { y = y }, { u = concat { x.u, slice(s.u, 1, 1) }, y = concat { y, slice(s.y, 1, 1) } }
  end,
  loss   = mse,
  tbptt  = { k1 = 64, k2 = 64 },
}
