-- A random cell: -D seed=N draws values, shapes and operations. Numbers stay of the order of 1, so
-- that rounding does not grow; relu, abs and the like are as likely as the rest, so the two engines
-- are compared and no finite differences are taken.
local o = options { seed = 1, batch = 3, k2 = 4, size = 40 }

-- Numerical Recipes' linear congruential generator: its high bits will do.
local drawn = o.seed
local function draw(n)
  drawn = (drawn * 1664525 + 1013904223) % 4294967296
  return math.floor(drawn / 65536) % n + 1
end
for _ = 1, 10 do draw(2) end

local shapes = { {}, { 1 }, { 3 }, { 4 }, { 3, 1 }, { 1, 4 }, { 3, 4 }, { 4, 3 }, { 2, 3, 4 }, { 2, 1, 4 }, { 2, 1, 3, 4 }, { 12 } }
local function draw_shape() return shapes[draw(#shapes)] end

local function size(s)
  local n = 1
  for _, d in ipairs(s) do n = n * d end
  return n
end

local function fits(a, b)
  for i = 0, math.min(#a, #b) - 1 do
    local p, q = a[#a - i], b[#b - i]
    if p ~= q and p ~= 1 and q ~= 1 then return false end
  end
  return true
end

local function bounded(x) return 1.2 + tanh(x) end

local unary = {
  tanh, sigmoid, softplus, sin, cos, abs, relu, stop_gradient,
  function(x) return -x end,
    function(x) return square(tanh(x)) end, function(x) return exp(tanh(x)) end,
  function(x) return log(bounded(x)) end,
    function(x) return sqrt(bounded(x)) end, function(x) return bounded(x) ^ -1.5 end,
  function(x) return clamp(x, -0.5, 0.7) end,
    function(x) return 0.5 * x + 0.1 end, function(x) return dropout(x, 0.3) end,
  function(x) return #x.shape > 0 and softmax(x, draw(#x.shape)) or x end,
  function(x) return #x.shape > 0 and log_softmax(tanh(x), draw(#x.shape)) or x end,
  function(x) return #x.shape > 0 and layer_norm(x + tanh(3 * x)) * 0.1 or x end,
  function(x) return #x.shape > 0 and mean(x, draw(#x.shape)) or x end,
    function(x) return tanh(sum(x)) end,
  function(x) return #x.shape > 0 and tanh(sum(x, draw(#x.shape))) or x end,
  function(x) return #x.shape > 1 and transpose(x) or x end, flatten,
  function(x) return #x.shape > 0 and slice(x, 1, math.max(1, x.shape[1] - 1), 1) or x end,
  function(x) return #x.shape > 0 and slice(x, -1, -1) or x end,
  function(x) return #x.shape > 1 and reshape(x, { x.shape[1], size(x.shape) / x.shape[1] }) or x end,
}

local binary = {
  function(a, b) return a + b end, function(a, b) return a - b end, function(a, b) return a * b end,
  function(a, b) return a / bounded(b) end, max, min,
    function(a, b) return where(gt(a, b), a, tanh(b)) end,
  function(a, b) return where(le(a, 0.1), b, a) end,
    function(a, b) return a * ge(a, b) + lt(b, a) end,
}

local function product(a, b)
  local s, t = a.shape, b.shape
  if #s < 1 or #s > 2 or #t < 1 or #t > 2 then return nil end
  if s[#s] == t[1] then return matmul(a, b) / s[#s] end
  if #t == 2 and s[#s] == t[2] then return matmul(a, transpose(b)) / s[#s] end
end

local function join(a, b)
  local s, t = a.shape, b.shape
  if #s == 0 or #s ~= #t then return nil end
  local d = draw(#s)
  for i = 1, #s do if i ~= d and s[i] ~= t[i] then return nil end end
  return concat({ a, b }, d)
end

local params, states, inits = {}, {}, {}
for i = 1, 6 do params["p" .. i] = param(draw_shape(), uniform(1)) end
for i = 1, 3 do
  inits[i] = draw_shape()
  states["s" .. i] = draw(2) == 1 and inits[i] or learned(inits[i], uniform(1))
end
params.E = param({ 5, 3 }, uniform(1))

-- A value as one of that shape: repeated by broadcasting where it fits, else through its mean.
local function as(x, shape)
  local zero = {}
  for i = 1, size(shape) do zero[i] = 0.25 * i / size(shape) end
  zero = reshape(stack(zero), shape)
  if size(x.shape) == size(shape) then return reshape(x, shape) end
  return mean(x) + zero
end

return model {
  input  = { x = real(12), y = real { 3, 4 }, k = token(5) },
  target = real(4),
  params = params,
  state  = states,
  step   = function(p, x, s)
    local values = { x.x, x.y, embedding(p.E, x.k) }
    for i = 1, 6 do values[#values + 1] = p["p" .. i] end
    for i = 1, 3 do values[#values + 1] = s["s" .. i] end
    local function pick() return values[draw(2) == 1 and draw(#values) or #values + 1 - draw(math.min(8, #values))] end
    local probes = 0
    for _ = 1, o.size do
      local a, b, what, r = pick(), pick(), draw(10), nil
      if what <= 4 then r = unary[draw(#unary)](a)
      elseif what <= 7 then r = fits(a.shape, b.shape) and binary[draw(#binary)](a, b)
      elseif what == 8 then r = product(a, b)
      elseif what == 9 then r = join(a, b)
      elseif probes < 4 then
        probes = probes + 1
        r = probe("probe" .. probes, a)
      end
      if r and size(r.shape) <= 96 then values[#values + 1] = r end
    end
    local new, y = {}, 0
    for i = 1, 3 do new["s" .. i] = tanh(as(pick(), inits[i])) * (draw(3) == 1 and 1 or s["s" .. i] * 0.9 + 0.1) end
    for i = 1, #values do y = y + as(values[i], { 4 }) * (0.5 + draw(4) / 4) end
    return tanh(0.2 * y), new
  end,
  loss   = function(y, target) return sum(square(y - 0.3 * target)) end,
  tbptt  = { k1 = 2, k2 = o.k2, batch = o.batch, loss = "all" },
}
