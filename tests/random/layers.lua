-- layers.lua: operations on images and tokens, what only training does, and modules.
local shapes = require "shapes"
local operands = require "operands"
local size, text_of, number = shapes.size, shapes.text, shapes.number
local row_or_matrix, PARAMETER, LANE = operands.row_or_matrix, operands.PARAMETER, operands.LANE
local permutation, spread = operands.permutation, operands.spread
local unpack = table.unpack or unpack

return function(operation)

-- ---- images ----

-- A value as { channels, ... } of `rank` dimensions, the others at least 2 long.
local function image(c, rank)
  local v = c:pick(function(x) return size(x.shape) >= 2 ^ (rank - 1) and size(x.shape) <= 24 end)
  if not v then return nil end
  local good = {}
  for _, s in ipairs(shapes.factors(size(v.shape), rank)) do
    local fine = true
    for i = 2, rank do fine = fine and s[i] >= 2 end
    if fine then good[#good + 1] = s end
  end
  if #good == 0 then return nil end
  local shape = c.draw:pick(good)
  return v, shape, shapes.same(shape, v.shape) and v.text or ("reshape(%s, %s)"):format(v.text, text_of(shape))
end

-- A window for each dimension of the image, how it moves, and how many places it has.
local function window(c, shape, pooling)
  local size_of, stride, pad, places = {}, {}, {}, {}
  for i = 2, #shape do
    local k = c.draw:between(1, math.min(3, shape[i]))
    local p = c.draw:between(0, pooling and math.floor(k / 2) or 1)
    local s = c.draw:between(1, 2)
    size_of[i - 1], stride[i - 1], pad[i - 1] = k, s, p
    places[i - 1] = math.floor((shape[i] + 2 * p - k) / s) + 1
  end
  local function pair(t) return #t == 1 and number(t[1]) or text_of(t) end
  return size_of, places, ("{ stride = %s, pad = %s }"):format(pair(stride), pair(pad)), pair(size_of)
end

for _, what in ipairs { { "conv1d", 2 }, { "conv2d", 3 } } do
  local name, rank = what[1], what[2]
  operation(name, function(c)
    local v, shape, text = image(c, rank)
    if not v then return nil end
    local k, places, options = window(c, shape)
    local out = c.draw:between(1, 3)
    local result = { out, unpack(places) }
    if size(result) > c.MOST then return nil end
    local K = c:param("K", { out, shape[1], unpack(k) }, shape[1] * size(k))
    local bias = c.draw:percent(50) and c:param("b", { out }).text or "nil"
    return c:let(("%s(%s, %s, %s, %s)"):format(name, text, K.text, bias, options), result, v.scale + 1, { v, K })
  end)
  operation("nn." .. name, function(c)
    local v, shape, text = image(c, rank)
    if not v then return nil end
    local _, places, options, k = window(c, shape)
    local out = c.draw:between(1, 3)
    local result = { out, unpack(places) }
    if size(result) > c.MOST then return nil end
    local m = c:module("conv", ("nn.%s(%s, %d, %s, %s)"):format(name, number(shape[1]), out, k, options))
    return c:let(("p.%s(%s)"):format(m, text), result, v.scale + 1, { v, PARAMETER })
  end)
end

operation("max_pool", function(c)
  local v, shape, text = image(c, c.draw:between(2, 3))
  if not v then return nil end
  local _, places, options, k = window(c, shape, true)
  local scale = v.scale
  if c.smooth and not v.plain then
    text, scale = ("0.3 * tanh(%s) + %s"):format(text, permutation(c, shape)), 3
  end
  return c:let(("max_pool(%s, %s, %s)"):format(text, k, options), { shape[1], unpack(places) }, scale, { v })
end)

operation("avg_pool", function(c)
  local v, shape, text = image(c, c.draw:between(2, 3))
  if not v then return nil end
  local _, places, options, k = window(c, shape, true)
  return c:let(("avg_pool(%s, %s, %s)"):format(text, k, options), { shape[1], unpack(places) }, v.scale, { v })
end)

-- ---- tokens ----

operation("embedding", function(c)
  if #c.tokens == 0 then return nil end
  local t = c.draw:pick(c.tokens)
  local E = c:pick(function(x) return x.fixed and #x.shape == 2 and x.shape[1] >= t.vocab end) or
    c:param("E", { t.vocab + c.draw:between(0, 1), c.draw:between(1, 5) }, 1)
  local form = c.draw:pick { "%s", "%s", "tanh(%s)", "2 * %s" }
  return c:let(("embedding(%s, %s)"):format(form:format(E.text), t.text), { E.shape[2] }, E.scale, { E, {} })
end)

operation("nn.embedding", function(c)
  if #c.tokens == 0 then return nil end
  local t = c.draw:pick(c.tokens)
  local width = c.draw:between(1, 5)
  local m = c:module("embed", ("nn.embedding(%d, %d)"):format(t.vocab, width))
  return c:let(("p.%s(%s)"):format(m, t.text), { width }, 1.5, {})
end)

-- ---- training ----

operation("dropout", function(c)
  local v = c:pick()
  return c:let(("dropout(%s, %s)"):format(v.text, c.draw:pick { "0.2", "0.5", "0" }), v.shape, 1.5 * v.scale, { v, LANE })
end)

operation("nn.dropout", function(c)
  local v = c:pick()
  return c:let(("p.%s(%s)"):format(c:module("drop", "nn.dropout(0.3)"), v.text), v.shape, 1.4 * v.scale,
    { v, LANE })
end)

operation("stop_gradient", function(c)
  local v = c:pick(function(x) return x.plain or not c.smooth end)
  return v and c:let(("stop_gradient(%s)"):format(v.text), v.shape, v.scale, { v })
end)

operation("probe", function(c)
  local v = c:pick()
  c.probes = c.probes + 1
  if c.probes > 3 then return nil end
  return c:let(("probe(\"probe%d\", %s)"):format(c.probes, v.text), v.shape, v.scale, { v })
end)

-- ---- modules ----

local function vector(c) return c:pick(function(x) return size(x.shape) <= 8 end) end

operation("nn.linear", function(c)
  local v = c:pick(row_or_matrix)
  if not v then return nil end
  local out = c.draw:between(1, 5)
  local m = c:module("linear", ("nn.linear(%s, %d%s)"):format(number(v.shape[#v.shape]), out,
    c.draw:percent(30) and ", { bias = false }" or ""))
  local y = c:let(("p.%s(%s)"):format(m, v.text), shapes.with(v.shape, #v.shape, out), v.scale + 0.5, { v, PARAMETER })
  local again = y and c.draw:percent(30) and c:pick(function(x)
    return (#x.shape == 1 or #x.shape == 2) and x.shape[#x.shape] == v.shape[#v.shape]
  end)
  if again then c:let(("p.%s(%s)"):format(m, again.text), shapes.with(again.shape, #again.shape, out), again.scale + 0.5,
    { again, PARAMETER }) end
  return y
end)

operation("nn.layer_norm", function(c)
  local v = c:pick(function(x) return #x.shape > 0 and x.shape[#x.shape] >= 3 end)
  if not v then return nil end
  local m = c:module("norm", ("nn.layer_norm(%s)"):format(number(v.shape[#v.shape])))
  local g = c:param("g", { v.shape[#v.shape] }) -- the module's own gain starts at 1
  return c:let(("p.%s(%s) * %s"):format(m, spread(c, v), g.text), v.shape, 2, { v, PARAMETER })
end)

-- What a step returns as the next state of a module: what the module made, or something made of it.
local function returned(c, kind, layers, made, name)
  if c.draw:percent(10) then return "s." .. name end
  if c.draw:percent(75) then return made end
  if layers == 2 then return ("{ l0 = %s.l0, l1 = s.%s.l1 }"):format(made, name) end
  if kind == "lstm" then return ("{ h = %s.c, c = 0.9 * %s.h }"):format(made, made) end
  return ("{ h = 0.5 * %s.h + 0.5 * s.%s.h }"):format(made, name)
end

for _, kind in ipairs { "rnn", "lstm", "gru" } do
  operation("nn." .. kind, function(c)
    local v = vector(c)
    if not v or #c.modules >= 2 then return nil end
    local layers, hidden = c.draw:between(1, 2), c.draw:between(1, 4)
    local options = { ("layers = %d"):format(layers) }
    if layers == 2 and c.draw:percent(40) then options[#options + 1] = "dropout = 0.3" end
    if c.draw:percent(30) then options[#options + 1] = "bias = false" end
    if kind == "rnn" and not c.smooth and c.draw:percent(40) then options[#options + 1] = "nonlinearity = \"relu\"" end
    local name = c:module(kind, ("nn.%s(%s, %d, { %s })"):format(kind, number(size(v.shape)), hidden,
      table.concat(options, ", ")))
    local y, made = c:new_name("v"), c:new_name("r")
    v.used = true
    c:line("local %s, %s = p.%s(%s, s.%s)", y, made, name, c.flat(v), name)
    c:add { text = y, shape = { hidden }, scale = 1 }
    if layers == 1 then c:add { text = ("s.%s.h"):format(name), shape = { hidden }, scale = 1 } end
    c.modules[#c.modules + 1] = { name = name, next = returned(c, kind, layers, made, name) }
    return true
  end)
end

operation("module", function(c)
  local v = vector(c)
  if not v or #c.modules >= 2 then return nil end
  local hidden = c.draw:between(1, 4)
  c.helpers.gated = true
  local name = c:module("unit", ("gated(%s, %d)"):format(number(size(v.shape)), hidden))
  local y, made = c:new_name("v"), c:new_name("r")
  v.used = true
  c:line("local %s, %s = p.%s(%s, s.%s)", y, made, name, c.flat(v), name)
  c:add { text = y, shape = { hidden }, scale = 1 }
  c.modules[#c.modules + 1] = { name = name, next = made }
  return true
end)

end
