-- Two outputs of one state; sequences, and weights of the steps.
return model {
  input  = { u = real(1) },
  target = { y = real(1), d = real(1) },
  params = {
    A = param({ 2, 2 }, { { 0.5, 0.1 }, { -0.2, 0.3 } }), b = param({ 2, 1 }, { { 0.3 }, { 0.1 } }),
    C = param({ 2, 2 }, { { 0.5, -0.5 }, { 0.3, 0.4 } }), c = param({ 2 }, 0),
  },
  state  = { h = learned({ 2 }) },
  step   = function(p, x, s)
    local h = tanh(p.A(s.h) + p.b(x.u))
    local y = p.C(h) + p.c
    return { y = slice(y, 1, 1), d = slice(y, 2, 2) }, { h = h }
  end,
  loss   = function(y, t) return mse(y.y, t.y) + 2 * mse(y.d, t.d) end,
  tbptt  = { k1 = 8, k2 = 8, batch = 2, learn = "rtrl" },
  train  = { optimizer = lm { l2 = 1e-3 } },
}
