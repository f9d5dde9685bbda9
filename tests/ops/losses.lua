-- The losses, of named outputs, and a term of the parameters alone: its gradient is found once, not
-- in each step, and must still be weighed as the sum over the steps that ran.
local o = options { batch = 1, k2 = 3 }

local function away(y) return y + 3 end -- beyond huber's delta

return model {
  input  = { x = real(4), word = token(3) },
  target = { sharp = real(4), grid = real { 2, 3 }, near = real(4), far = real { 2, 3 }, odds = real(4), class = token(3), place = real {} },
  params = { W = param({ 4, 4 }, uniform(0.4)), V = param({ 6, 4 }, uniform(0.4)), b = param({ 3 }, uniform(1)),
    U = param({ 4, 4 }, uniform(0.3)), v = param({ 4 }, uniform(1)),
      E = param({ 3, 4 }, uniform(1)) },
  state  = { h = { 4 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x.x) + p.U(s.h) + embedding(p.E, x.word))
    return { sharp = away(p.W(h)), grid = reshape(p.V(h), { 2, 3 }), weight = exp(p.v), near = 0.1 * p.W(h), far = away(reshape(p.V(h), { 2, 3 })), odds = p.U(h), class = slice(p.V(h), 1, 3) + p.b,
      place = matmul(p.v, h), penalty = sum(square(p.U)) + sum(abs(p.E + 9)) }, { h = h }
  end,
  loss   = function(y, t)
    return mse(y.near, t.near) + huber(0.1 * y.near, 0.1 * t.near) + huber(y.far, 0.2 * tanh(t.far)) +
      bce(y.odds, sigmoid(t.odds)) + cross_entropy(y.class, t.class) + mse(y.place, t.place) +
      mae(y.sharp, 0.3 * tanh(t.sharp)) + 0.1 * huber(y.sharp, 0.2 * t.sharp, { delta = 0.3, reduce = "sum" }) +
      huber(0.1 * y.near, 0.1 * t.near, { delta = 2.5 }) + 0.1 * mse(y.grid, t.grid, { reduce = "sum" }) +
      bce(y.odds, sigmoid(t.odds), { weight = y.weight, pos_weight = 2.5 }) +
      bce(y.grid, sigmoid(t.grid), { weight = 0.3, pos_weight = slice(y.weight, 1, 3), reduce = "sum" }) + 0.1 * y.penalty +
      quantile(y.far, 0.2 * tanh(slice(t.near, 1, 3)), { 0.2, 0.7 }) +
      0.5 * quantile(-y.far, 0.2 * tanh(t.far), { 0.4 }, { reduce = "sum" })
  end,
  tbptt  = { k1 = 2, k2 = o.k2, batch = o.batch, loss = "all" },
}
