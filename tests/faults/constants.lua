-- One matrix in four ways: numbers in the spec, a frozen parameter that starts at them, a trained one, and node
-- by node. All must give the same.
local o = options { how = "const", n = 100, largest = 1 }

-- Numbers that no short text says.
local function numbers(n)
  local t, v = {}, 0.3
  for i = 1, n do
    t[i] = {}
    for j = 1, n do
      v = 3.7 * v * (1 - v)
      t[i][j] = (2 * v - 1) / math.sqrt(n)
    end
  end
  t[1][1] = o.largest
  return t
end

local A = numbers(o.n)

local function stacked()
  local rows = {}
  for i, row in ipairs(A) do rows[i] = stack(row) end
  return stack(rows)
end

return model {
  input  = real(o.n),
  target = real(1),
  params = {
    A = o.how == "frozen" and param({ o.n, o.n }, A, { trainable = false }) or o.how == "trained" and param({ o.n, o.n }, A)
      or param({ 1 }, 0),
    w = param({ 1, o.n }, 0.125),
  },
  state  = { h = init({ o.n }, A[1]) },
  step   = function(p, x, s)
    local W = o.how == "const" and const(A) or o.how == "nodes" and stacked() or p.A
    local h = tanh(W(s.h) + x)
    return p.w(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 2, k2 = 3, resets = true },
  train  = { optimizer = sgd { lr = 0.01 } },
}
