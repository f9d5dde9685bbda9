-- A small net, two lanes, l2 on its matrices alone.
return model {
  input  = real(1),
  target = real(1),
  params = {
    W = param({ 3, 1 }, { { 0.5 }, { -0.4 }, { 0.3 } }),
    U = param({ 3, 3 }, { { 0.2, 0.1, 0.0 }, { -0.1, 0.3, 0.2 }, { 0.1, -0.2, 0.1 } }),
    b = param({ 3 }, { 0.1, 0.0, -0.1 }),
    V = param({ 1, 3 }, { { 0.4, -0.3, 0.2 } }), v = { 1 },
  },
  state  = { h = { 3 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h) + p.b)
    return p.V(h) + p.v, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 10, k2 = 20, batch = 2 },
  train  = { optimizer = lbfgs { l2 = 2e-2, decay = "matrices" } },
}
