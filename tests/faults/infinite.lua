-- Each operation with 0, NaN and infinity in it and with infinite gradients that reach it: what comes of them is
-- the same in both engines. One parameter for each, so that one NaN does not cover another.
local inner = {
  function(x) return relu(x) end, function(x) return abs(x) end, function(x) return max(x, 0) end,
  function(x) return max(0, x) end, function(x) return max(x, 1) end, function(x) return min(x, 0) end,
  function(x) return min(x, -1) + 1 end, function(x) return clamp(x, 0, 1) end,
  function(x) return clamp(x, 1, 2) - 1 end, function(x) return where(gt(x, 0), x, x * 2) end,
  function(x) return square(x) end, function(x) return softplus(x) - 0.5 end, function(x) return tanh(x) end,
  function(x) return sigmoid(x) - 0.5 end, function(x) return x ^ 3 end, function(x) return sin(x) end,
  function(x) return cos(x) - 1 end, function(x) return exp(x) - 1 end, function(x) return x / (x + 1) end,
  function(x) return 1 / x end, function(x) return x * (x + 1) end, function(x) return softmax(x) - 0.5 end,
  function(x) return log_softmax(x) end, function(x) return layer_norm(x) end,
  function(x) return slice(concat { x, x }, 2, 3) end, function(x) return sum(x) * x end,
}
local outer = {
  function(x) return x end, sqrt, log, function(x) return x / x end, function(x) return 1 / x end,
}
local values = { -- at 0, NaN, infinity
  function(w, x) return w * x * 0 end, function(w, x) return w * x + log(x - 100) end,
  function(w, x) return w * x + exp(1e4 + square(x)) end,
}

local params, cases = {}, {}
for v = 1, #values do
  for i = 1, #inner do
    for o = 1, #outer do
      local name = string.format("w%d_%02d_%d", v, i, o)
      params[name] = param({ 2 }, 1)
      cases[#cases + 1] = { name = name, f = function(w, x) return outer[o](inner[i](values[v](w, x))) end }
    end
  end
end

return model {
  input = real(2), target = real(2), params = params,
  step = function(p, x)
    local total = 0
    for _, c in ipairs(cases) do total = total + sum(c.f(p[c.name], x)) end
    return total
  end,
  loss = function(y, t) return y + sum(t) end,
  tbptt = { k1 = 1, k2 = 1, batch = 1 },
}
