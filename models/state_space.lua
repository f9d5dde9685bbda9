-- models/state_space.lua: a linear state space model, and beside it a network in the state's equation.
--
--   x' = A x + B u + E tanh(F x + G u + g)
--   y  = C x + D u + d
--
-- J. Suykens, B. De Moor & J. Vandewalle, "Nonlinear system identification using neural state space models",
-- International Journal of Control 62 (1995), here with the linear part apart, as in the models of J. Paduart et al.
-- ("Identification of nonlinear systems using polynomial nonlinear state space models", Automatica 46, 2010). A begins
-- near the identity, so that the state is slow and gradients reach far back; E begins small, so that the model is first
-- nearly linear. The first state is learned.
local o = options { input = 1, output = 1, state = 4, hidden = 16 }

local A = {}
for i = 1, o.state do
  A[i] = {}
  for j = 1, o.state do A[i][j] = i == j and 0.9 or j == i + 1 and 0.1 or 0 end
end

return model {
  input  = { u = real(o.input) },
  target = { y = real(o.output) },
  params = {
    A = param({ o.state, o.state }, A), B = { o.state, o.input },
    E = param({ o.state, o.hidden }, normal(0.01)),
    F = { o.hidden, o.state }, G = { o.hidden, o.input }, g = { o.hidden },
    C = { o.output, o.state }, D = { o.output, o.input }, d = { o.output },
  },
  state  = { x = learned { o.state } },
  step   = function(p, x, s)
    local y = p.C(s.x) + p.D(x.u) + p.d
    return { y = y }, { x = p.A(s.x) + p.B(x.u) + p.E(tanh(p.F(s.x) + p.G(x.u) + p.g)) }
  end,
  loss   = mse,
  tbptt  = { k1 = 16, k2 = 48 },
  train  = { optimizer = adam { lr = 3e-3 }, schedule = cosine { floor = 0.05 }, clip_norm = 1 },
}
