-- losses.lua: losses of one example, written over the operations as a user could write them.
local core, env, lib = ...
local fail, shape_text, describe = lib.fail, lib.shape_text, lib.describe
local square, abs, min, max = env.square, env.abs, env.min, env.max
local softplus, where = env.softplus, env.where
local sum, mean, const, log_softmax = env.sum, env.mean, env.const, env.log_softmax

-- Losses that a model may name: loss = mse.
lib.losses = { "mse", "mae", "huber", "bce", "cross_entropy" }
lib.loss_list = "mse, mae, huber, bce, cross_entropy, quantile { 0.1, 0.5, 0.9 } or a function(y, target)"

local function check_given(what, y, target)
  if target == nil then
    fail("%s compares the output with a target; the model has no target", what)
  end
  if not core.is_node(y) then
    fail("%s: the output is %s; it must be one value", what, describe(y))
  end
end

-- The output and the target: two values of the same shape.
local function check_pair(what, y, target)
  check_given(what, y, target)
  if not core.is_node(target) then
    fail("%s: the target is %s; it must be one value", what, describe(target))
  end
  if core.vocab(target) then fail("%s: the target is a token; use cross_entropy", what) end
  if core.vocab(y) then fail("%s: the output is a token", what) end
  if not lib.same_shape(core.shape(y), core.shape(target)) then
    fail("%s: the output is %s but the target is %s", what, shape_text(core.shape(y)),
      shape_text(core.shape(target)))
  end
end

-- The elements' losses as one number.
local function reduced(what, losses, options)
  local how = lib.word(options.reduce, what .. ": reduce", lib.words.reduce)
  return core.label(how == "sum" and sum(losses) or mean(losses), what .. "(...)")
end

-- (y - t)^2
function env.mse(y, target, options)
  check_pair("mse", y, target)
  return reduced("mse", square(y - target), options)
end

-- |y - t|
function env.mae(y, target, options)
  check_pair("mae", y, target)
  return reduced("mae", abs(y - target), options)
end

-- d^2 / 2 where d = |y - t| <= delta, and delta (d - delta / 2) beyond (Huber, 1964). With
-- q = min(d, delta) both are q (d - q / 2).
function env.huber(y, target, options)
  check_pair("huber", y, target)
  local delta = lib.number(options.delta, "huber: delta", function(v) return v > 0 end,
    "a number above 0")
  local d = abs(y - target)
  local q = min(d, delta)
  return reduced("huber", q * (d - q * 0.5), options)
end

-- ---- quantiles ----

local function check_levels(levels)
  local wrong = type(levels) ~= "table" or core.is_node(levels) or #levels == 0 or #levels > 99
  for i = 1, wrong and 0 or #levels do
    local q = levels[i]
    wrong = wrong or type(q) ~= "number" or not (q > 0 and q < 1) or (i > 1 and not (q > levels[i - 1]))
  end
  if wrong then
    fail("quantile takes levels, numbers between 0 and 1 that ascend: loss = quantile { 0.1, 0.5, 0.9 }, or "
      .. "quantile(y, target, { 0.1, 0.5, 0.9 })")
  end
  lib.check_list(levels, "quantile: levels")
end

-- Of an element t and its output y of level q, with e = t - y, max(q e, (q - 1) e), which in the mean is smallest where t is
-- below y with probability q (Koenker & Bassett, 1978). At e = 0 the gradient is that of max, half of either side's.
local function pinball(y, target, levels, options)
  check_given("quantile", y, target)
  if not core.is_node(target) or core.vocab(target) then
    fail("quantile: the target is %s; it must be one value of real numbers", describe(target))
  end
  local n, k = lib.size(core.shape(target)), #levels
  if core.vocab(y) or lib.size(core.shape(y)) ~= n * k then
    fail("quantile: the output is %s, and %d level%s of the target %s are {%d}, those of one number side by side",
      core.vocab(y) and "a token" or shape_text(core.shape(y)), k, k == 1 and "" or "s", shape_text(core.shape(target)), n * k)
  end
  local flat = {}
  for i = 1, n * k do flat[i] = levels[(i - 1) % k + 1] end
  core.quantiles(y, core.table(flat))
  local q, e = core.numbers(levels, { k }), core.reshape(target, { n, 1 }) - core.reshape(y, { n, k })
  return reduced("quantile", max(q * e, (q - 1) * e), options)
end

lib.levels = {} -- by the loss that quantile { ... } made

-- With levels alone a loss, which the field loss takes.
function env.quantile(y, target, levels, options)
  if target ~= nil or levels ~= nil then
    check_levels(levels)
    return pinball(y, target, levels, options)
  end
  check_levels(y)
  local function loss(output, of) return pinball(output, of, y, options) end
  lib.levels[loss] = y
  return loss
end

-- ---- classes ----

-- A weight of each element: a number or a value that broadcasts to the output's shape.
local function element_weight(v, what, y)
  v = lib.value(v, what, 3)
  local s, t = core.shape(y), core.shape(v)
  for i = 0, #t - 1 do
    if #t > #s or (t[#t - i] ~= 1 and t[#t - i] ~= s[#s - i]) then
      fail("%s is %s but the output is %s", what, shape_text(t), shape_text(s))
    end
  end
  return v
end

-- -w (p t log s + (1 - t) log(1 - s)) with s = sigmoid(y), w the weight and p that of targets of 1:
-- log(1 + e^y) - t y where both are 1. The target is a probability: what it is made of is not standardised.
function env.bce(y, target, options)
  check_pair("bce", y, target)
  core.probability(y, target)
  local losses = softplus(y) - y * target
  if options.pos_weight ~= 1 then
    local p = element_weight(options.pos_weight, "bce: pos_weight", y)
    losses = p * target * softplus(-y) + (1 - target) * softplus(y)
  end
  if options.weight ~= 1 then
    losses = element_weight(options.weight, "bce: weight", y) * losses
  end
  return reduced("bce", losses, options)
end

local function check_classes(y, target)
  if target == nil then
    fail("cross_entropy compares the output with a target; the model has no target")
  end
  if not core.is_node(target) or not core.vocab(target) then
    fail("cross_entropy: the target is %s, not a token; target = token(n) declares one",
      core.is_node(target) and shape_text(core.shape(target)) or describe(target))
  end
  check_given("cross_entropy", y, target)
  if core.vocab(y) then fail("cross_entropy: the output is a token; it must be logits") end
  local s, vocab = core.shape(y), core.vocab(target)
  if #s ~= 1 or s[1] ~= vocab then
    fail("cross_entropy: the output is %s but the target takes %d values; it must be {%d}, logits",
      shape_text(s), vocab, vocab)
  end
  return vocab
end

-- A number for each class as a vector, or nil.
local function class_weights(list, vocab)
  if list == nil then return nil end
  if type(list) ~= "table" or core.is_node(list) or #list ~= vocab then
    fail("cross_entropy: weight is %s; it must be a list of %d numbers, one for each token",
      type(list) == "table" and not core.is_node(list) and "a list of " .. #list or describe(list),
      vocab)
  end
  lib.check_list(list, "cross_entropy: weight")
  for i = 1, vocab do
    lib.number(list[i], "cross_entropy: weight " .. i, function(v) return v >= 0 end,
      "a number from 0")
  end
  return const(list)
end

-- 1, and 0 where the target is the token to be ignored.
local function is_counted(token, target, vocab)
  lib.whole(token, "cross_entropy: ignore", 0, vocab - 1, "it is a value of the target")
  local marks = { core.constant(0, { 1 }) }
  if token > 0 then table.insert(marks, 1, core.constant(1, { token })) end
  if token < vocab - 1 then marks[#marks + 1] = core.constant(1, { vocab - 1 - token }) end
  return core.binary("pick", core.concat(marks, 1), target)
end

-- With p = softmax(y), t the token, w the weights (1 if left out), e the smoothing, V classes:
-- -(1 - e) w[t] log p[t] - e / V sum_k w[k] log p[k], as in PyTorch; 0 where t is ignored.
function env.cross_entropy(y, target, options)
  local vocab = check_classes(y, target)
  local weights, e = class_weights(options.weight, vocab), lib.number(options.smoothing,
    "cross_entropy: smoothing", function(v) return v >= 0 and v <= 1 end, "a number from 0 to 1")
  local losses = -log_softmax(y)
  if weights then losses = weights * losses end
  local loss = core.binary("pick", losses, target)
  if e > 0 then loss = (1 - e) * loss + e / vocab * sum(losses) end
  if options.ignore ~= nil then loss = where(is_counted(options.ignore, target, vocab), loss, 0) end
  return core.label(loss, "cross_entropy(...)")
end
