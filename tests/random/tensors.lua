-- tensors.lua: reductions, products, parts and shapes.
local shapes = require "shapes"
local operands = require "operands"
local size, text_of = shapes.size, shapes.text
local at_least, row_or_matrix, spread, PARAMETER = operands.at_least, operands.row_or_matrix, operands.spread, operands.PARAMETER

return function(operation)

-- ---- reductions ----

operation("sum", function(c)
  local v = c:pick()
  if #v.shape == 0 or c.draw:percent(30) then
    return c:let(("sum(%s)"):format(v.text), {}, v.scale * math.sqrt(size(v.shape)), { v })
  end
  local d = c.draw:upto(#v.shape)
  return c:let(("sum(%s, %d)"):format(v.text, d), shapes.with(v.shape, d), v.scale * math.sqrt(v.shape[d]), { v })
end)

operation("mean", function(c)
  local v = c:pick()
  if #v.shape == 0 or c.draw:percent(30) then return c:let(("mean(%s)"):format(v.text), {}, v.scale, { v }) end
  local d = c.draw:upto(#v.shape)
  return c:let(("mean(%s, %d)"):format(v.text, d - #v.shape - 1), shapes.with(v.shape, d), v.scale, { v })
end)

for _, f in ipairs { "softmax", "log_softmax" } do
  operation(f, function(c)
    local v = c:pick(at_least(1))
    if not v then return nil end
    local d = c.draw:upto(#v.shape)
    local text = c.draw:percent(40) and d == #v.shape and ("%s(%s)"):format(f, v.text) or
      ("%s(%s, %d)"):format(f, v.text, d)
    return c:let(text, v.shape, f == "softmax" and 1 or v.scale + 1, { v })
  end)
end

operation("layer_norm", function(c)
  local v = c:pick(function(x) return #x.shape > 0 and x.shape[#x.shape] >= 3 end)
  if not v then return nil end
  local row = { v.shape[#v.shape] }
  local g = c:param("g", row).text
  if c.draw:percent(30) then -- without a gain inside, the sum of a row is 0
    return c:let(("layer_norm(%s) * %s"):format(spread(c, v), g), v.shape, 2, { v, PARAMETER })
  end
  local bias = c.draw:percent(70) and ", " .. c:param("b", row).text or ""
  return c:let(("layer_norm(%s, %s%s)"):format(spread(c, v), g, bias), v.shape, 2, { v, PARAMETER })
end)

-- ---- products ----

operation("apply", function(c)
  local v = c:pick(row_or_matrix)
  if not v then return nil end
  local out = c.draw:between(1, 5)
  local W = c:matrix(out, v.shape[#v.shape])
  local bias = c.draw:percent(60) and " + " .. c:param("b", { out }).text or ""
  return c:let(("%s(%s)%s"):format(W.text, v.text, bias), shapes.with(v.shape, #v.shape, out), v.scale + 1, { v, W })
end)

operation("apply a value", function(c) -- attention: the matrix is a value of the step
  local M = c:pick(function(x) return #x.shape == 2 end)
  if not M then return nil end
  local v = c:pick(function(x) return (#x.shape == 1 or #x.shape == 2) and x.shape[#x.shape] == M.shape[2] end)
  v = v or c:param("g", { M.shape[2] })
  return c:let(("%s(%s)"):format(M.text, v.text), shapes.with(v.shape, #v.shape, M.shape[1]),
    M.scale * v.scale * math.sqrt(M.shape[2]), { M, v })
end)

operation("matmul", function(c)
  local a = c:pick(row_or_matrix)
  if not a then return nil end
  local n = a.shape[#a.shape]
  local b = c:pick(function(x) return (#x.shape == 1 or #x.shape == 2) and x.shape[1] == n end)
  if not b or c.draw:percent(40) then
    b = c.draw:percent(50) and c:param("M", { n, c.draw:between(1, 4) }, n) or c:param("M", { n }, n)
  end
  local shape = {}
  if #a.shape == 2 then shape[1] = a.shape[1] end
  if #b.shape == 2 then shape[#shape + 1] = b.shape[2] end
  return c:let(("matmul(%s, %s)"):format(a.text, b.text), shape, a.scale * b.scale * math.sqrt(n), { a, b })
end)

operation("outer product", function(c)
  local a, b = c:pick(function(x) return #x.shape == 1 end), c:pick(function(x) return #x.shape == 1 end)
  if not a or size(a.shape) * size(b.shape) > c.MOST then return nil end
  local m, n = a.shape[1], b.shape[1]
  return c:let(("matmul(reshape(%s, { %d, 1 }), reshape(%s, { 1, %d }))"):format(a.text, m, b.text, n), { m, n },
    a.scale * b.scale, { a, b })
end)

-- ---- parts and shapes ----

operation("concat", function(c)
  local a = c:pick(at_least(1))
  if not a then return nil end
  local d = c.draw:upto(#a.shape)
  local parts, from, total, scale = { a.text }, { a }, a.shape[d], a.scale
  for _ = 1, c.draw:upto(2) do
    local b = c:pick(function(x)
      return #x.shape == #a.shape and shapes.same(shapes.with(x.shape, d), shapes.with(a.shape, d))
    end)
    parts[#parts + 1], from[#from + 1] = b.text, b
    total, scale = total + b.shape[d], math.max(scale, b.scale)
  end
  local text = table.concat(parts, ", ")
  text = d == #a.shape and c.draw:percent(50) and ("concat { %s }"):format(text) or ("concat({ %s }, %d)"):format(text, d)
  return c:let(text, shapes.with(a.shape, d, total), scale, from)
end)

operation("stack", function(c)
  local a = c:pick(function(x) return #x.shape <= 3 end)
  local b = c:pick(function(x) return shapes.same(x.shape, a.shape) end)
  local d = c.draw:upto(#a.shape + 1)
  local shape = {}
  for i = 1, #a.shape + 1 do shape[i] = i == d and 2 or a.shape[i < d and i or i - 1] end
  return c:let(("stack({ %s, %s }, %d)"):format(a.text, b.text, d), shape, math.max(a.scale, b.scale), { a, b })
end)

operation("split", function(c)
  local n = c.draw:between(2, 3)
  local v = c:pick(function(x)
    for _, d in ipairs(x.shape) do if d % n == 0 then return true end end
    return false
  end)
  if not v then return nil end
  local d = 1
  while v.shape[d] % n ~= 0 do d = d + 1 end
  v.used = true
  local names = {}
  for i = 1, n do
    names[i] = c:new_name("v")
    c:add { text = names[i], shape = shapes.with(v.shape, d, v.shape[d] / n), scale = v.scale, plain = v.plain, fixed = v.fixed }
  end
  c:line("local %s = split(%s, %d, %d)", table.concat(names, ", "), v.text, n, d)
  return true
end)

operation("slice", function(c)
  local v = c:pick(at_least(1))
  if not v then return nil end
  local d = c.draw:upto(#v.shape)
  local n = v.shape[d]
  local from = c.draw:upto(n)
  local to = c.draw:between(from, n)
  local negative = c.draw:percent(40)
  return c:let(("slice(%s, %d, %d, %d)"):format(v.text, negative and from - n - 1 or from, negative and to - n - 1 or to, d),
    shapes.with(v.shape, d, to - from + 1), v.scale, { v })
end)

operation("reshape", function(c)
  local v = c:pick()
  local shape = c.draw:pick(shapes.factors(size(v.shape), c.draw:between(1, 4)))
  return c:let(("reshape(%s, %s)"):format(v.text, text_of(shape)), shape, v.scale, { v })
end)

operation("flatten", function(c)
  local v = c:pick()
  return c:let(("flatten(%s)"):format(v.text), { size(v.shape) }, v.scale, { v })
end)

operation("transpose", function(c)
  local v = c:pick(at_least(2))
  if not v then return nil end
  local s, n = shapes.with(v.shape), #v.shape
  s[n], s[n - 1] = s[n - 1], s[n]
  return c:let(("transpose(%s)"):format(v.text), s, v.scale, { v })
end)

end
