-- ops.lua: the operations. Each checks what it is given and says in the words of the spec what is
-- wrong; the graph's own constructors check again.
local core, env, lib = ...
local fail, describe, shape_text, is_whole = lib.fail, lib.describe, lib.shape_text, lib.is_whole
local is_node, shape, name, label = core.is_node, core.shape, core.name, core.label
local format, unpack = string.format, unpack or table.unpack

-- ---- operands ----

local function constant(v, what)
  if v - v ~= 0 then
    fail("%s: a number is %s; numbers must be finite", what, lib.number_text(v))
  end
  return core.constant(v, {})
end

-- A real value of the graph. Numbers become constants.
local function value(v, what, i)
  if type(v) == "number" then return constant(v, what) end
  if not is_node(v) then
    fail("%s: argument %d is %s; it must be a value of the model or a number", what, i, describe(v))
  end
  if core.vocab(v) then
    fail("%s: %s is a token; embedding(W, %s) turns it into a vector", what, name(v), name(v))
  end
  return v
end
lib.value = value

-- Dimension d of a shape of `rank` dimensions: 1 is the first, -1 the last.
local function dimension(d, rank, what, x)
  if d == nil then d = -1 end
  if is_whole(d) and d ~= 0 and d >= -rank and d <= rank then return d > 0 and d or rank + 1 + d end
  if rank == 0 then fail("%s: %s is a scalar; it has no dimensions", what, name(x)) end
  fail("%s: %s is not a dimension of %s, which is %s; its dimensions are %s", what, describe(d),
    name(x), shape_text(shape(x)),
    rank == 1 and "1, or -1" or format("1 to %d, or -%d to -1 counted from the end", rank, rank))
end

-- The shape with dimension d replaced by `by`, or left out.
local function with(s, d, by)
  local r = {}
  for i = 1, #s do
    if i ~= d then r[#r + 1] = s[i] elseif by then r[#r + 1] = by end
  end
  return r
end

-- ---- pointwise ----

-- NumPy's rule: from the right, equal or 1.
local function broadcast(a, b)
  for i = 0, math.min(#a, #b) - 1 do
    local p, q = a[#a - i], b[#b - i]
    if p ~= q and p ~= 1 and q ~= 1 then return false end
  end
  return true
end

-- `text` has the operands' names filled in: "%s + %s".
local function check_broadcast(text, a, b)
  local s, t = shape(a), shape(b)
  if not broadcast(s, t) then
    fail("%s: %s is %s but %s is %s; shapes are matched from the right, and only a 1 stretches",
      format(text, name(a), name(b)), name(a), shape_text(s), name(b), shape_text(t))
  end
end

local function binary(word, text, what)
  return function(a, b)
    a, b = value(a, what or word, 1), value(b, what or word, 2)
    check_broadcast(text, a, b)
    return core.binary(word, a, b)
  end
end

for _, word in ipairs { "tanh", "sigmoid", "relu", "softplus", "exp", "log", "sqrt", "abs",
  "square", "sin", "cos",
  "stop_gradient" } do
  env[word] = function(x) return core.unary(word, value(x, word, 1)) end
end

for _, word in ipairs { "gt", "ge", "lt", "le", "eq" } do
  env[word] = binary(word, word .. "(%s, %s)")
end

-- Of two or more: max(a, b, c) is max(max(a, b), c).
for _, word in ipairs { "max", "min" } do
  local of_two = binary(word, word .. "(%s, %s)")
  env[word] = function(a, b, ...)
    local y = of_two(a, b)
    for i = 1, select("#", ...) do
      local v = value((select(i, ...)), word, i + 2)
      check_broadcast(word .. "(%s, %s)", y, v)
      y = core.binary(word, y, v)
    end
    return y
  end
end

-- ---- activations ----

-- PyTorch's at 0: the derivative is the slope, alpha.
function env.leaky_relu(x, slope)
  x = value(x, "leaky_relu", 1)
  slope = value(slope == nil and 0.01 or slope, "leaky_relu", 2)
  check_broadcast("leaky_relu(%s, %s)", x, slope)
  return label(core.where3(core.binary("gt", x, core.constant(0, {})), x, slope * x),
    "leaky_relu(...)")
end

-- Of the exponential only what is at most 1 is looked at, so that it cannot overflow (Clevert,
-- Unterthiner & Hochreiter, 2016).
function env.elu(x, alpha)
  x = value(x, "elu", 1)
  alpha = alpha == nil and 1 or
    lib.number(alpha, "elu: alpha", function() return true end, "a finite number")
  local zero = core.constant(0, {})
  local above = core.binary("gt", x, zero)
  local below = alpha * (core.unary("exp", core.where3(above, zero, x)) - 1)
  return label(core.where3(above, x, below), "elu(...)")
end

function env.silu(x)
  x = value(x, "silu", 1)
  return label(x * core.unary("sigmoid", x), "silu(...)")
end

-- x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) (Hendrycks & Gimpel, 2016), as x sigmoid(2 ...).
function env.gelu(x)
  x = value(x, "gelu", 1)
  local inner = x + 0.044715 * core.power(x, 3)
  return label(x * core.unary("sigmoid", 2 * math.sqrt(2 / math.pi) * inner), "gelu(...)")
end

function env.where(c, a, b)
  if type(c) == "boolean" then
    fail("where: the condition is %s; gt, ge, lt, le and eq compare values of the model, " ..
      "Lua's operators do not", tostring(c))
  end
  c, a, b = value(c, "where", 1), value(a, "where", 2), value(b, "where", 3)
  check_broadcast("where(%s, %s, ...)", c, a)
  check_broadcast("where(..., %s, %s)", a, b)
  check_broadcast("where(%s, ..., %s)", c, b)
  return core.where3(c, a, b)
end

function env.clamp(x, low, high)
  x = value(x, "clamp", 1)
  for i, v in ipairs { low or false, high or false } do
    if type(v) ~= "number" or v - v ~= 0 then
      fail("clamp: bound %d is %s; clamp(x, low, high) takes two finite numbers", i,
        describe(v or nil))
    end
  end
  if low > high then
    fail("clamp: the lower bound %s is above the upper bound %s", lib.number_text(low),
      lib.number_text(high))
  end
  return core.clamp(x, low, high)
end

-- ---- reductions ----

-- The sum, and of how many.
local function sum(x, d, what, options)
  x = value(x, what, 1)
  local s, keep = shape(x), options and lib.flag(options.keepdim, what .. ": keepdim")
  if d == nil then
    local ones = {}
    for i = 1, keep and #s or 0 do ones[i] = 1 end
    return core.sum(x, ones), lib.size(s)
  end
  d = dimension(d, #s, what, x)
  local total = core.sum(x, with(s, d, 1))
  return keep and total or core.reshape(total, with(s, d)), s[d]
end

function env.sum(x, d, options) return label((sum(x, d, "sum", options)), "sum(...)") end

function env.mean(x, d, options)
  local total, n = sum(x, d, "mean", options)
  return label(core.binary("div", total, core.constant(n, {})), "mean(...)")
end

for _, word in ipairs { "softmax", "log_softmax" } do
  env[word] = function(x, d)
    x = value(x, word, 1)
    return core.softmax(word, x, dimension(d, #shape(x), word, x))
  end
end

-- Over the last dimension (Ba, Kiros & Hinton, "Layer normalization", 2016).
function env.layer_norm(x, gain, bias, options)
  x = value(x, "layer_norm", 1)
  local s = shape(x)
  local d = dimension(-1, #s, "layer_norm", x)
  for i, v in ipairs { gain or 1, bias or 0 } do
    local t = shape(value(v, "layer_norm", i + 1))
    if #t > 0 and not lib.same_shape(t, { s[d] }) then
      fail("layer_norm: %s is %s but the %s is %s; it must be {%d}", name(x), shape_text(s),
        i == 1 and "gain" or "bias", shape_text(t), s[d])
    end
  end
  local eps = lib.number(options.eps, "layer_norm: eps", function(v) return v > 0 end, "a number above 0")
  local keep, n = with(s, d, 1), core.constant(s[d], {})
  local centred = x - core.sum(x, keep) / n
  local y = centred / core.unary("sqrt", core.sum(core.unary("square", centred), keep) / n + eps)
  if gain then y = y * gain end
  if bias then y = y + bias end
  return label(y, "layer_norm(...)")
end

-- ---- shapes ----

local function list(v, what)
  if type(v) ~= "table" or is_node(v) or #v == 0 then
    fail("%s takes a list of values, %s { a, b }, not %s", what, what, describe(v))
  end
  local values = {}
  lib.check_list(v, what)
  for i = 1, #v do values[i] = value(v[i], what, i) end
  return values
end

function env.concat(parts, d)
  parts = list(parts, "concat")
  local s = shape(parts[1])
  if #s == 0 then
    fail("concat: %s is a scalar; stack joins scalars to a vector", name(parts[1]))
  end
  d = dimension(d, #s, "concat", parts[1])
  for i = 2, #parts do
    local t = shape(parts[i])
    if #t ~= #s or not lib.same_shape(with(s, d), with(t, d)) then
      fail("concat: part 1 is %s but part %d is %s; they may differ only in dimension %d",
        shape_text(s), i, shape_text(t), d)
    end
  end
  return core.concat(parts, d)
end

function env.stack(parts, d)
  parts = list(parts, "stack")
  local s = shape(parts[1])
  if #s == 4 then
    fail("stack: %s is %s; the result would have more than 4 dimensions", name(parts[1]),
      shape_text(s))
  end
  local rank = #s + 1
  if d == nil then d = 1 end
  if not is_whole(d) or d == 0 or d < -rank or d > rank then
    fail("stack: the new dimension is %s; for parts of shape %s it is 1 to %d, or -1 to -%d",
      describe(d), shape_text(s), rank, rank)
  end
  d = d > 0 and d or rank + 1 + d
  local wider = { unpack(s) }
  table.insert(wider, d, 1)
  for i, part in ipairs(parts) do
    if not lib.same_shape(shape(part), s) then
      fail("stack: part 1 is %s but part %d is %s; stack takes equal shapes", shape_text(s), i,
        shape_text(shape(part)))
    end
    parts[i] = core.reshape(part, wider)
  end
  return label(core.concat(parts, d), "stack(...)")
end

-- `n` equal parts, as so many results.
function env.split(x, n, d)
  x = value(x, "split", 1)
  local s = shape(x)
  d = dimension(d, #s, "split", x)
  if not is_whole(n) or n < 1 or n > 128 then
    fail("split: the number of parts is %s; it must be a whole number from 1 to 128", describe(n))
  end
  if s[d] % n ~= 0 then
    fail("split: dimension %d of %s is %d, which does not divide into %d equal parts", d, name(x),
      s[d], n)
  end
  local parts, size = {}, s[d] / n
  for i = 1, n do parts[i] = core.slice(x, d, (i - 1) * size + 1, i * size) end
  return unpack(parts)
end

-- Both ends belong to the result; -1 is the last.
function env.slice(x, from, to, d)
  x = value(x, "slice", 1)
  local s = shape(x)
  d = dimension(d, #s, "slice", x)
  local ends = { from or false, to or false }
  for i = 1, 2 do
    local v = ends[i]
    if not is_whole(v) or v == 0 or v < -s[d] or v > s[d] then
      fail("slice: %s is %s; dimension %d of %s has elements 1 to %d, or -%d to -1",
        i == 1 and "from" or "to",
        describe(v or nil), d, name(x), s[d], s[d])
    end
    ends[i] = v > 0 and v or s[d] + 1 + v
  end
  if ends[1] > ends[2] then fail("slice: from %d to %d is empty", ends[1], ends[2]) end
  return core.slice(x, d, ends[1], ends[2])
end

function env.reshape(x, to)
  x = value(x, "reshape", 1)
  to = lib.shape(to, "reshape")
  local s = shape(x)
  if lib.size(s) ~= lib.size(to) then
    fail("reshape: %s is %s, %d elements, but %s has %d", name(x), shape_text(s), lib.size(s),
      shape_text(to), lib.size(to))
  end
  return core.reshape(x, to)
end

function env.flatten(x)
  x = value(x, "flatten", 1)
  return core.reshape(x, { lib.size(shape(x)) })
end

-- The dimensions of x merged to three, the last two of which change places.
local function swap_blocks(x, before, left, right)
  if left == 1 or right == 1 then return x end
  return core.unary("transpose", core.reshape(x, { before, left, right }))
end

-- Swaps dimensions a < b by what the graph can: x as {before, A, between, B, after} becomes
-- {before, B, A, after, between}, then {before, B, between, A, after}.
local function swap(x, a, b)
  local s, before, between, after = shape(x), 1, 1, 1
  local result = { unpack(s) }
  result[a], result[b] = s[b], s[a]
  for i = 1, #s do
    if i < a then before = before * s[i] end
    if i > a and i < b then between = between * s[i] end
    if i > b then after = after * s[i] end
  end
  local A, B = s[a], s[b]
  x = swap_blocks(x, before, A, between * B * after)      -- {before, between, B, after, A}
  x = swap_blocks(x, before * between * B, after, A)      -- {before, between, B, A, after}
  x = swap_blocks(x, before, between, B * A * after)      -- {before, B, A, after, between}
  x = swap_blocks(x, before * B, A * after, between)      -- {before, B, between, A, after}
  return core.reshape(x, result)
end

function env.transpose(x, a, b)
  x = value(x, "transpose", 1)
  local rank = #shape(x)
  if rank < 2 then
    fail("transpose: %s is %s; it takes a matrix", name(x), shape_text(shape(x)))
  end
  if (a == nil) ~= (b == nil) then
    fail("transpose: one dimension is given; transpose(x, a, b) swaps two")
  end
  if a == nil then return core.unary("transpose", x) end
  a, b = dimension(a, rank, "transpose", x), dimension(b, rank, "transpose", x)
  if a > b then a, b = b, a end
  if a == b then return x end
  if a == rank - 1 then return core.unary("transpose", x) end
  return label(swap(x, a, b), "transpose(...)")
end

-- ---- products ----

-- W(x), W {out, in}: a vector {in} to {out}, or the rows of {n, in} to {n, out}.
local function apply(w, x, ...)
  local s = shape(w)
  local call = format("%s(%s)", name(w), is_node(x) and name(x) or "...")
  if select("#", ...) > 0 then
    fail("%s: %s takes 1 argument; it was given %d", call, name(w), 1 + select("#", ...))
  end
  if #s ~= 2 then
    fail("%s: %s is %s; only a matrix can be applied", call, name(w), shape_text(s))
  end
  x = value(x, call, 1)
  local t = shape(x)
  if (#t ~= 1 and #t ~= 2) or t[#t] ~= s[2] then
    fail("%s: %s is %s but %s is %s; %s takes a vector of %d", call, name(w), shape_text(s),
      name(x), shape_text(t), name(w), s[2])
  end
  local y = core.matmul(#t == 1 and core.reshape(x, { 1, s[2] }) or x, w, false, true)
  return label(#t == 1 and core.reshape(y, { s[1] }) or y,
    call:find("%(.*%(") and name(w) .. "(...)" or call)
end

-- A vector on the left is a row, on the right a column, and is no dimension of the result.
function env.matmul(a, b)
  a, b = value(a, "matmul", 1), value(b, "matmul", 2)
  local s, t = shape(a), shape(b)
  for _, x in ipairs { a, b } do
    if #shape(x) ~= 1 and #shape(x) ~= 2 then
      fail("matmul: %s is %s; it takes vectors and matrices", name(x), shape_text(shape(x)))
    end
  end
  if s[#s] ~= t[1] then
    fail("matmul: %s is %s but %s is %s; the last dimension of the first must be the first of " ..
      "the second", name(a), shape_text(s), name(b), shape_text(t))
  end
  local y = core.matmul(#s == 1 and core.reshape(a, { 1, s[1] }) or a,
    #t == 1 and core.reshape(b, { t[1], 1 }) or b, false, false)
  local result = {}
  if #s == 2 then result[1] = s[1] end
  if #t == 2 then result[#result + 1] = t[2] end
  return label(core.reshape(y, result), "matmul(...)")
end

-- Row `token` of W {V, E}.
function env.embedding(w, token)
  w = value(w, "embedding", 1)
  local s = shape(w)
  if not is_node(token) or not core.vocab(token) then
    fail("embedding: argument 2 is %s; it must be a token", describe(token))
  end
  if #s ~= 2 or core.batched(w) then
    fail("embedding: %s is %s; it must be a matrix that depends on parameters alone", name(w),
      shape_text(s))
  end
  if core.vocab(token) > s[1] then
    fail("embedding: %s has %d rows but %s takes %d values", name(w), s[1], name(token),
      core.vocab(token))
  end
  return label(core.binary("gather", w, token), format("embedding(%s, %s)", name(w), name(token)))
end

-- ---- training ----

-- Each element is 0 with probability p, else divided by 1 - p; in evaluation nothing is done.
function env.dropout(x, p)
  x = value(x, "dropout", 1)
  lib.number(p, "dropout: the probability", function(v) return v >= 0 and v < 1 end,
    "a number from 0, and below 1")
  if p == 0 then return x end
  return label(x * core.dropmask(p, shape(x)), "dropout(...)")
end

local probes, probe_count = {}, 0

function env.probe(probe_name, x)
  lib.check_name(probe_name, "probe")
  x = value(x, "probe", 2)
  if probes[probe_name] then
    fail("probe: there is a probe %s already, at %s", probe_name, probes[probe_name])
  end
  probe_count = probe_count + 1
  if probe_count > 256 then fail("probe: a model has at most 256 probes") end
  probes[probe_name] = core.where()
  core.probe(probe_name, x)
  return x
end

-- ---- operators ----

local add, sub = binary("add", "%s + %s", "+"), binary("sub", "%s - %s", "-")
local mul, div = binary("mul", "%s * %s", "*"), binary("div", "%s / %s", "/")

local function power(a, b)
  if type(b) ~= "number" then
    fail("^: the exponent is %s; it must be a number. a ^ b is exp(b * log(a))", describe(b))
  end
  constant(b, "^")
  return core.power(value(a, "^", 1), b)
end

local function no_operation(sign)
  return function() fail("%s: there is no such operation on values of the model", sign) end
end

local function no_comparison()
  fail("Lua's < and > cannot compare values of the model; lt, le, gt, ge can")
end

-- Of two that are not the same value of Lua's.
local function no_equality()
  fail("Lua's == cannot compare values of the model; eq(a, b) can, and rawequal(a, b) says whether " ..
    "both are one")
end

local function no_field(x, key)
  if key == "shape" then return shape(x) end
  if type(key) == "number" then
    fail("%s[%s]: %s is one value; slice(x, from, to) takes elements of it", name(x),
      lib.number_text(key), name(x))
  end
  fail("%s.%s: %s is a value of shape %s; it has no field but shape", name(x), tostring(key),
    name(x), shape_text(shape(x)))
end

local operators = {
  __add = add, __sub = sub, __mul = mul, __div = div, __pow = power, __call = apply,
  __unm = function(x) return core.unary("neg", value(x, "-", 1)) end,
  __lt = no_comparison, __le = no_comparison, __eq = no_equality, __index = no_field,
  __newindex = function(x) fail("%s is one value; its elements cannot be set", name(x)) end,
  __len = function(x) fail("#%s: use %s.shape", name(x), name(x)) end,
  __concat = function() fail("..: a value of the model is not a string") end,
  __mod = no_operation("%"), __idiv = no_operation("//"), __name = "model",
  __tostring = function(x) return name(x) .. " " .. shape_text(shape(x)) end,
  __metatable = false,
}
local mt = core.node_metatable()
for event, f in next, operators do mt[event] = f end
