-- A gated recurrent unit of two, l2 on all.
local gate, minus = { W = { { 0.5 }, { -0.3 } }, U = { { 0.2, 0.1 }, { -0.1, 0.3 } }, b = { 0.1, -0.1 } },
  { W = { { -0.5 }, { 0.3 } }, U = { { -0.2, -0.1 }, { 0.1, -0.3 } }, b = { -0.1, 0.1 } }

local function params(of)
  return { W = param({ 2, 1 }, of.W), U = param({ 2, 2 }, of.U), b = param({ 2 }, of.b) }
end

return model {
  input  = real(1),
  target = real(1),
  params = { r = params(gate), z = params(minus), n = params(gate), V = param({ 1, 2 }, { { 0.4, -0.3 } }), v = param({ 1 }, 0) },
  state  = { h = { 2 } },
  step   = function(p, x, s)
    local r = sigmoid(p.r.W(x) + p.r.U(s.h) + p.r.b)
    local z = sigmoid(p.z.W(x) + p.z.U(s.h) + p.z.b)
    local n = tanh(p.n.W(x) + p.n.U(r * s.h) + p.n.b)
    local h = (1 - z) * n + z * s.h
    return p.V(h) + p.v, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 8, k2 = 8, learn = "rtrl" },
  train  = { optimizer = lm { l2 = 1e-2 } },
}
