-- pointwise.lua: operations that go element by element, smooth ones and those with kinks.
--
-- Domains: what log, sqrt, a division or a power reads is kept away from 0. Kinks: where finite
-- differences will be taken (cell.smooth), operations with kinks get operands that keep away from
-- them, or operands that no parameter and no state moves (`plain`).
local shapes = require "shapes"
local operands = require "operands"
local size, number, broadcast = shapes.size, shapes.number, shapes.broadcast
local LANE = operands.LANE

return function(operation)

-- ---- element by element ----

-- Text that is at least 0.3, and about how large it is.
local function positive(c, v)
  if v.scale <= 1.5 and c.draw:percent(30) then return ("(0.6 + square(%s))"):format(v.text), 1.5 end
  return (c.draw:pick { "(1.5 + tanh(%s))", "(0.4 + sigmoid(%s))", "(softplus(tanh(%s)) + 0.3)", "(1.4 + sin(%s))" })
    :format(v.text), 1.5
end

for _, f in ipairs { "tanh", "sigmoid", "softplus", "sin", "cos" } do
  operation(f, function(c)
    local v = c:pick()
    return c:let(("%s(%s)"):format(f, v.text), v.shape, f == "softplus" and v.scale + 0.7 or 1, { v })
  end)
end

operation("exp", function(c)
  local v = c:pick()
  local inner = c.draw:percent(50) and "exp(tanh(%s))" or "exp(-square(%s))"
  return c:let(inner:format(v.text), v.shape, 1.5, { v })
end)

operation("log", function(c)
  local v = c:pick()
  return c:let(("log(%s)"):format((positive(c, v))), v.shape, 1, { v })
end)

operation("sqrt", function(c)
  local v = c:pick()
  return c:let(("sqrt(%s)"):format((positive(c, v))), v.shape, 1.3, { v })
end)

operation("power", function(c)
  local v = c:pick()
  local text, scale = positive(c, v)
  local exponent = c.draw:pick { 0.5, -1, -1.5, 2.5, -0.5, 1.25, -2, 1, 0 }
  return c:let(("%s ^ %s"):format(text, number(exponent)), v.shape, scale + 0.5, { v })
end)

operation("whole power", function(c) -- of any sign
  local v = c:pick(function(x) return x.scale <= 1.5 end)
  if not v then return nil end
  return c:let(("%s ^ %s"):format(v.text, number(c.draw:pick { 2, 3, 2, 3, 1, 0 })), v.shape, v.scale ^ 3, { v })
end)

operation("square", function(c)
  local v = c:pick(function(x) return x.scale <= 1.6 end)
  return v and c:let(("square(%s)"):format(v.text), v.shape, v.scale ^ 2, { v })
end)

operation("affine", function(c)
  local v = c:pick()
  local form = c.draw:pick { "-%s", "1 - %s", "2 * %s - 0.5", "%s / 3", "0.5 * %s + 0.25", "%s - 1", "%s * 1", "%s + 0" }
  return c:let(form:format(v.text), v.shape, v.scale + 0.5, { v })
end)

operation("reciprocal", function(c)
  local v = c:pick()
  return c:let(("1 / %s"):format((positive(c, v))), v.shape, 1.5, { v })
end)

-- A parameter that broadcasts with the shape: some dimensions left out or 1.
local function partner(c, shape)
  local s = {}
  for i = c.draw:between(1, #shape + 1), #shape do s[#s + 1] = c.draw:percent(30) and 1 or shape[i] end
  return c:param("g", s)
end

local function fitting(c, a)
  local b = c:pick(function(v)
    local r = broadcast(a.shape, v.shape)
    return r and size(r) <= c.MOST
  end)
  if not b or c.draw:percent(30) then b = partner(c, a.shape) end
  return b, broadcast(a.shape, b.shape)
end

operation("sum of two", function(c)
  local a = c:pick()
  local b, shape = fitting(c, a)
  local form = c.draw:pick { "%s + %s", "%s - %s", "%s + 2 * %s" }
  return c:let(form:format(a.text, b.text), shape, a.scale + b.scale, { a, b })
end)

operation("product of two", function(c)
  local a = c:pick()
  local b, shape = fitting(c, a)
  return c:let(("%s * %s"):format(a.text, b.text), shape, a.scale * b.scale, { a, b })
end)

operation("quotient", function(c)
  local a = c:pick()
  local b, shape = fitting(c, a)
  return c:let(("%s / %s"):format(a.text, (positive(c, b))), shape, 1.5 * a.scale, { a, b })
end)

operation("gate", function(c)
  local a = c:pick()
  local b, shape = fitting(c, a)
  local g = c:param("g", shape)
  return c:let(("sigmoid(%s) * %s + (1 - sigmoid(%s)) * %s"):format(g.text, a.text, g.text, b.text), shape,
    a.scale + b.scale, { a, b, g })
end)

-- ---- with kinks ----

-- An input, or what is made of inputs alone, that broadcasts into the shape; else a number.
local function plain(c, shape)
  local v = c:pick(function(x)
    local r = x.plain and broadcast(x.shape, shape)
    return r and shapes.same(r, shape)
  end)
  return v and v.text or number(c.draw:sixteenths(1))
end

-- Between -0.4 and 0.4, moved by 1 to one side or the other.
local function apart(c, v, shape)
  return ("0.4 * tanh(%s) + 2 * gt(%s, %s) - 1"):format(v.text, plain(c, shape or v.shape), number(c.draw:sixteenths(1)))
end

for _, f in ipairs { "relu", "abs" } do
  operation(f, function(c)
    local v = c:pick()
    local text = (not c.smooth or v.plain) and v.text or apart(c, v)
    return c:let(("%s(%s)"):format(f, text), v.shape, v.scale + 0.5, { v, LANE })
  end)
end

operation("clamp", function(c)
  local v = c:pick()
  local text = (not c.smooth or v.plain) and v.text or apart(c, v)
  return c:let(("clamp(%s, %s)"):format(text, c.draw:pick { "-0.5, 0.5", "-0.2, 2", "-3, 0.1" }), v.shape, 1.5, { v, LANE })
end)

for _, f in ipairs { "max", "min" } do
  operation(f, function(c)
    local a = c:pick()
    if not c.smooth and c.draw:percent(25) then
      return c:let(("%s(%s, %s)"):format(f, a.text, number(c.draw:sixteenths(1))), a.shape, a.scale + 1, { a })
    end
    local b, shape = fitting(c, a)
    local left, right = a.text, b.text
    if c.smooth then left, right = ("0.4 * tanh(%s)"):format(a.text), apart(c, b, shape) end
    return c:let(("%s(%s, %s)"):format(f, left, right), shape, a.scale + b.scale, { a, b, LANE })
  end)
end

local comparisons = { "gt", "ge", "lt", "le", "eq" }

-- A condition that broadcasts into the shape; in a smooth step nothing moves it.
local function condition(c, shape, word)
  word = word or c.draw:pick(comparisons)
  local a, b = plain(c, shape), plain(c, shape)
  if not c.smooth and c.draw:percent(70) then
    local v = c:pick(function(x)
      local r = broadcast(x.shape, shape)
      return r and shapes.same(r, shape)
    end)
    a = v and v.text or a
  end
  return ("%s(%s, %s)"):format(word, a, b)
end

operation("where", function(c)
  local a = c:pick()
  local b, shape = fitting(c, a)
  local form = c.draw:pick { "where(%s, %s, %s)", "where(%s, %s, tanh(%s))", "where(1 - %s, %s, 0.5 * %s)" }
  return c:let(form:format(condition(c, shape), a.text, b.text), shape, a.scale + b.scale, { a, b, LANE })
end)

operation("where with a number", function(c)
  local a = c:pick()
  local form = c.draw:percent(50) and "where(%s, %s, 0.3)" or "where(%s, -0.2, %s)"
  return c:let(form:format(condition(c, a.shape), a.text), a.shape, a.scale + 0.3, { a, LANE })
end)

for _, word in ipairs(comparisons) do
  operation(word, function(c)
    local a = c:pick()
    return c:let(("%s * %s"):format(condition(c, a.shape, word), a.text), a.shape, a.scale, { a, LANE })
  end)
end

end
