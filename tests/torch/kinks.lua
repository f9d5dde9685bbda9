-- One parameter an operation, with values where its derivative is a matter of convention or where
-- the plain formula overflows. The loss is each result times its target, summed: the target is the
-- adjoint. `input` is added to the parameter, so that operands differ from lane to lane; it is made
-- of small whole numbers, so that ties stay ties in either precision.
local names = { "max", "max_with_number", "min", "clamp", "abs", "relu", "softplus", "softplus_far",
  "sigmoid", "tanh", "exp", "log_softmax", "log_softmax_far", "softmax", "layer_norm",
  "sqrt", "log", "power", "where", "div", "sin", "cos" }

local f = {
  max = function(a, x) return max(a + x, slice(a, 1, 1)) end,
  max_with_number = function(a, x) return max(a + x, 0) end,
  min = function(a, x) return min(slice(a, 1, 1), a - x) end,
  clamp = function(a, x) return clamp(a + x, -1, 2) end,
  abs = function(a, x) return abs(a + x) end,
  relu = function(a, x) return relu(a + x) end,
  softplus = function(a, x) return softplus(a + x) end,
  softplus_far = function(a, x) return softplus(a + x) end,
  sigmoid = function(a, x) return sigmoid(a + x) end,
  tanh = function(a, x) return tanh(a + x) end,
  exp = function(a, x) return exp(a + x) end,
  log_softmax = function(a, x) return log_softmax(a + x) end,
  log_softmax_far = function(a, x) return log_softmax(a + x) end,
  softmax = function(a, x) return softmax(a + x) end,
  layer_norm = function(a, x) return layer_norm(a + sum(x)) end,
  sqrt = function(a, x) return sqrt(a * a + square(x)) end,
  log = function(a, x) return log(abs(a) + square(x)) end,
  power = function(a, x) return (a + x) ^ 3 + (a + x) ^ 1 + a ^ -2 + square(a + x) ^ 1.5 end,
  where = function(a, x)
    return where(gt(a + x, 0), a * a, 3 * a) + where(eq(x, 0), a, 0) + ge(a, x)
  end,
  div = function(a, x) return (a + x) / (a * a) end,
  sin = function(a, x) return sin(a + x) end,
  cos = function(a, x) return cos(a + x) end,
}

local fields, params = {}, {}
for _, name in ipairs(names) do fields[name], params[name] = real(6), { 6 } end

return model {
  input  = real(6),
  target = fields,
  params = params,
  step   = function(p, x)
    local y = {}
    for _, name in ipairs(names) do y[name] = probe(name, f[name](p[name], x)) end
    return y, {}
  end,
  loss   = function(y, target)
    local total = 0
    for _, name in ipairs(names) do total = total + sum(y[name] * target[name]) end
    return total
  end,
  tbptt  = { k1 = 2, k2 = 2, batch = 3, reduce = "sum" },
}
