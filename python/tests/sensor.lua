-- sensor.lua: four readings in, a prediction out.
local o = options { hidden = 12 }

return model {
  input  = real(4),
  target = real(1),
  params = { W = { o.hidden, 4 }, U = { o.hidden, o.hidden }, b = { o.hidden }, V = { 1, o.hidden } },
  state  = { h = { o.hidden } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h) + p.b)
    return p.V(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 12, batch = 4 },
  train  = { optimizer = adam { lr = 1e-2 }, clip_norm = 1 },
}
