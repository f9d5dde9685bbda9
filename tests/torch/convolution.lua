-- Convolutions and pooling. The loss is each result times its target, summed: the target is the
-- adjoint. What slides is a parameter plus the input, so that its gradient is seen too; for the
-- pools both are small whole numbers, so that many windows have several largest elements.
local signal, image = { 2, 9 }, { 2, 5, 6 }

local cases = {
  { "signal", { 3, 4 }, { x = signal, weight = { 3, 2, 3 }, bias = { 3 } },
    function(p, x) return conv1d(p.x + x.signal, p.weight, p.bias, { stride = 2 }) end },
  { "signal_padded", { 4, 12 }, { x = signal, weight = { 4, 2, 2 } },
    function(p, x) return conv1d(p.x + x.signal, p.weight, nil, { pad = 2 }) end },
  { "image", { 3, 4, 5 }, { x = image, weight = { 3, 2, 2, 2 }, bias = { 3 } },
    function(p, x) return conv2d(p.x + x.image, p.weight, p.bias) end },
  { "image_padded", { 2, 3, 3 }, { x = image, weight = { 2, 2, 3, 2 }, bias = { 2 } },
    function(p, x)
      return conv2d(p.x + x.image, p.weight, p.bias, { stride = { 2, 3 }, pad = { 1, 2 } })
    end },
  { "module1d", { 2, 9 }, { x = signal, conv = nn.conv1d(2, 2, 3, { pad = 1, bias = false }) },
    function(p, x) return p.conv(p.x + x.signal) end },
  { "module2d", { 3, 2, 3 }, { x = image, conv = nn.conv2d(2, 3, { 3, 2 }, { stride = 2 }) },
    function(p, x) return p.conv(p.x + x.image) end },
  { "max", { 2, 2, 3 }, { x = image }, function(p, x) return max_pool(p.x + x.whole, 2) end },
  { "max_padded", { 2, 5, 4 }, { x = image },
    function(p, x)
      return max_pool(p.x + x.whole, { 3, 4 }, { stride = { 1, 2 }, pad = { 1, 2 } })
    end },
  { "max_signal", { 2, 5 }, { x = signal },
    function(p, x)
      local part = slice(reshape(x.whole, { 2, 30 }), 1, 9)
      return max_pool(p.x + part, 3, { stride = 2, pad = 1 })
    end },
  { "mean", { 2, 2, 3 }, { x = image }, function(p, x) return avg_pool(p.x + x.image, 2) end },
  { "mean_padded", { 2, 6, 3 }, { x = image },
    function(p, x)
      return avg_pool(p.x + x.image, { 2, 3 }, { stride = { 1, 2 }, pad = 1 })
    end },
  { "mean_signal", { 2, 3 }, { x = signal }, function(p, x) return avg_pool(p.x + x.signal, 3) end },
}

local targets, params = {}, {}
for _, case in ipairs(cases) do
  local name, shape, parameters = unpack(case)
  targets[name], params[name] = real(shape), parameters
end

return model {
  input  = { signal = real(signal), image = real(image), whole = real(image) },
  target = targets,
  params = params,
  step   = function(p, x)
    local y = {}
    for _, case in ipairs(cases) do
      local name, _, _, f = unpack(case)
      y[name] = probe(name, f(p[name], x))
    end
    return y, {}
  end,
  loss   = function(y, target)
    local total = 0
    for _, case in ipairs(cases) do total = total + sum(y[case[1]] * target[case[1]]) end
    return total
  end,
  tbptt  = { k1 = 2, k2 = 2, batch = 3, reduce = "sum" },
}
