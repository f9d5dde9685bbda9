-- models/narx.lua: a NARX network that simulates: it reads the inputs, and what it has said itself.
--
--   z[t] = (u[t], u[t-1], ..., u[t-n], y[t-1], ..., y[t-n])
--   y[t] = V tanh(W z[t] + b) + A z[t] + c
--
-- K. S. Narendra & K. Parthasarathy, "Identification and control of dynamical systems using neural networks", IEEE
-- Transactions on Neural Networks 1 (1990): the parallel model, with its own outputs fed back. The measured ones are
-- targets alone, so what is trained is the error of the simulation, through time (an output error model), and what
-- is scored is the simulation. The outputs before the first are learned.
local o = options { input = 1, output = 1, lags = 4, hidden = 12 }
local inputs = (o.lags + 1) * o.input
local width = inputs + o.lags * o.output

local function shift(new, old, n) -- n numbers a step; the oldest goes
  if o.lags == 1 then return new end
  return concat { new, slice(old, 1, (o.lags - 1) * n) }
end

local A = {} -- begins as y[t] = 0.9 y[t-1]
for i = 1, o.output do
  A[i] = {}
  for j = 1, width do A[i][j] = j == inputs + i and 0.9 or 0 end
end

return model {
  input  = { u = real(o.input) },
  target = { y = real(o.output) },
  params = {
    W = { o.hidden, width }, b = { o.hidden }, V = param({ o.output, o.hidden }, normal(0.1)),
    A = param({ o.output, width }, A), c = { o.output },
  },
  state  = { u = { o.lags * o.input }, y = learned { o.lags * o.output } },
  step   = function(p, x, s)
    local z = concat { x.u, s.u, s.y }
    local y = p.V(tanh(p.W(z) + p.b)) + p.A(z) + p.c
    return { y = y }, { u = shift(x.u, s.u, o.input), y = shift(y, s.y, o.output) }
  end,
  loss   = mse,
  tbptt  = { k1 = 16, k2 = 48 },
  train  = { optimizer = adam { lr = 2e-3 }, schedule = cosine { floor = 0.05 }, clip_norm = 1 },
}
