-- y(t) predicted from the model's own y(t - 1), an output error model of the second order: the gradient goes through all steps.
return model {
  input  = real(1),
  target = real(1),
  params = { a = param({ 2, 2 }, { { 0.5, 0.1 }, { -0.2, 0.3 } }), b = param({ 2, 1 }, { { 0.3 }, { 0.1 } }),
             c = param({ 1, 2 }, { { 0.5, -0.5 } }) },
  state  = { h = learned({ 2 }) },
  step   = function(p, u, s)
    local h = p.a(s.h) + p.b(u)
    return p.c(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 40, k2 = 40 },
  train  = { optimizer = lbfgs { history = 8, l2 = 1e-3 } },
}
