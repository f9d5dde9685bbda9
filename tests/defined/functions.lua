-- Functions that are made of others, less what they are defined as: each output is 0. The parameter has
-- values on both sides of 0 and at 0, and no two of its dimensions are equal.
local function element(v, i, j, k) return reshape(slice(slice(slice(v, i, i, 1), j, j, 2), k, k, 3), {}) end

-- {2, 3, 4} made of element(v, ...) by which(i, j, k), for a result of that shape.
local function made(shape, which)
  local list = {}
  for i = 1, shape[1] do
    for j = 1, shape[2] do
      for k = 1, shape[3] do list[#list + 1] = which(i, j, k) end
    end
  end
  return reshape(stack(list), shape)
end

local function swapped(v, shape, order)
  return made(shape, function(...)
    local at = { ... }
    return element(v, at[order[1]], at[order[2]], at[order[3]])
  end)
end

local f = {
  transpose_ends = function(v) return transpose(v, 1, 3) - swapped(v, { 4, 3, 2 }, { 3, 2, 1 }) end,
  transpose_first = function(v) return transpose(v, 2, 1) - swapped(v, { 3, 2, 4 }, { 2, 1, 3 }) end,
  transpose_last = function(v) return transpose(v, -2, -1) - swapped(v, { 2, 4, 3 }, { 1, 3, 2 }) end,
  transpose_four = function(v)
    local w = transpose(reshape(v, { 2, 1, 3, 4 }), 1, 4)
    return reshape(w, { 4, 3, 2 }) - swapped(v, { 4, 3, 2 }, { 3, 2, 1 })
  end,
  max = function(v) return max(v, 0.5, -v, 1) - max(max(v, 0.5), max(-v, 1)) end,
  min = function(v) return min(1, v, -0.5) - min(1, min(v, -0.5)) end,
  leaky_relu = function(v) return leaky_relu(v) - (max(v, 0) + 0.01 * min(v, 0)) end,
  slope = function(v) return leaky_relu(v, 0.3) - (max(v, 0) + 0.3 * min(v, 0)) end,
  elu = function(v) return elu(v) - (max(v, 0) + exp(min(v, 0)) - 1) end,
  alpha = function(v) return elu(v, 1.5) - (max(v, 0) + 1.5 * (exp(min(v, 0)) - 1)) end,
  silu = function(v) return silu(v) - v / (1 + exp(-v)) end,
  gelu = function(v)
    return gelu(v) - 0.5 * v * (1 + tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v ^ 3)))
  end,
  hardmax = function(v)
    local largest, soft = hardmax(v), softmax(1e4 * v)
    return largest - where(gt(soft, 0.5), 1, 0)
  end,
  hardmax_shares = function(v)
    local four = stack { 2 * v, v + v, v - 100, 2 * v }
    return hardmax(transpose(four, 1, 4)) - transpose(const { { { { 1 / 3 } } }, { { { 1 / 3 } } }, { { { 0 } } }, { { { 1 / 3 } } } }, 1, 4)
  end,
  packed = function(v) return stack(table.pack(v, -v)) - stack { v, -v } end,
  keepdim = function(v) return sum(v, 2, { keepdim = true }) - reshape(sum(v, 2), { 2, 1, 4 }) end,
  mean_keepdim = function(v)
    return mean(v, nil, { keepdim = true }) - reshape(mean(v), { 1, 1, 1 })
  end,
  eps = function(v)
    local centred = v - mean(v, 3, { keepdim = true })
    return layer_norm(v, nil, nil, { eps = 0.3 }) -
      centred / sqrt(mean(square(centred), 3, { keepdim = true }) + 0.3)
  end,
  module_eps = function(v, p) return p.norm(v) - layer_norm(v, nil, nil, { eps = 0.3 }) end,
}

return model {
  input  = real { 2, 3, 4 },
  params = { w = param({ 1 }, 1), norm = nn.layer_norm(4, { eps = 0.3 }) },
  step   = function(p, x)
    local y = {}
    for name, definition in pairs(f) do y[name] = probe(name, definition(p.w * x, p)) end
    return y, {}
  end,
  loss   = function(y)
    local total = 0
    for _, v in pairs(y) do total = total + sum(abs(v)) end
    return total
  end,
  tbptt  = { k1 = 1, k2 = 1 },
}
