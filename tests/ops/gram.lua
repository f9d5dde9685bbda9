-- Products of a value with itself, alone and where they begin with a sum: one argument stands for both operands.
local o = options { batch = 2, k1 = 1, k2 = 3 }

return model {
  input  = real { 3, 3 },
  target = real { 3, 3 },
  params = { Y = { 3, 3 }, b = { 3, 3 } },
  state  = { S = { 3, 3 } },
  step   = function(p, x, s)
    local m = p.Y(x)
    local gram = 0.5 * s.S + 0.1 * matmul(m, transpose(m))
    return tanh(x + matmul(m, transpose(m)) + matmul(m, m) + p.b), { S = tanh(gram + matmul(s.S, s.S)) }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch },
}
