-- Operations of a step that CasADi gets, each in a place where second derivatives pass it; away from kinks.
return model {
  input  = { x__a = real(3), x_a = real { 2, 3 } },
  target = { y = real(4) },
  params = { W = { 4, 3 }, V = { 3, 4 }, b = { 4 }, frozen = param({ 4 }, 0.5, { trainable = false }) },
  state  = { h = { 4 }, grid = { 2, 2 } },
  step   = function(p, x, s)
    local a, g = x.x__a, x.x_a
    local z = p.W(a) + p.b * s.h
    local w = transpose(g)
    local m = matmul(s.grid, matmul(g, w)) + matmul(transpose(s.grid), s.grid)
    local first, second = split(z, 2)
    local u = concat { tanh(first) * sigmoid(second), exp(-0.1 * square(second)) }
    local v = softmax(z) * log_softmax(s.h) + layer_norm(z, p.frozen)
    local q = where(gt(z, 0.1), sin(z), cos(s.h)) + max(z, s.h) * min(z, -1, s.h) + abs(z - 9) * clamp(z, -3, 5)
    local r = sqrt(1 + square(z)) / (2 + s.h ^ 3) + log(3 + z * z) + softplus(z) + relu(z - 0.05)
      + leaky_relu(z) + elu(z)
    local d = dropout(z, 0.5) * s.h
    local y = u + v + q + r + d + gelu(z) * silu(s.h)
    return { y = y, scalar = sum(m) * mean(z), _2y_ = transpose(m), untouched = const { 1, 2 }, same = a },
           { h = tanh(p.W(p.V(y)) * 0.1), grid = m * 0.2 + sum(y) }
  end,
  loss   = function(y, target) return mse(y.y, target.y) end,
  tbptt  = { k1 = 2, k2 = 2, batch = 2 },
}
