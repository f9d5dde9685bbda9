-- expect: tests/bad/optimizer_tolerance.lua:13: lbfgs: tol_cost is -1e-09; it must be a number from 0
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
  train = { optimizer = lbfgs { tol_cost = -1e-9 } },
}
