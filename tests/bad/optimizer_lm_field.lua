-- expect: tests/bad/optimizer_lm_field.lua:13: lm has no field history; its fields are lambda, l2, decay, geodesic, keep_scale, tol_gradient, tol_step, tol_cost, patience
return model {
  input = real(4),
  target = real(1),
  params = { W = { 3, 4 }, U = { 3, 3 }, V = { 1, 3 } },
  state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = lm { history = 3 } },
}
