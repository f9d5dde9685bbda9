-- losses.lua: losses of one example, written over the operations as a user could write them.
local core, env, lib = ...
local fail, shape_text, describe = lib.fail, lib.shape_text, lib.describe
local square, abs, min, mean, softplus = env.square, env.abs, env.min, env.mean, env.softplus

-- The output and the target: two values of the same shape.
local function check_pair(what, y, target)
  if target == nil then
    fail("%s compares the output with a target; the model has no target", what)
  end
  if not core.is_node(y) then
    fail("%s: the output is %s; it must be one value", what, describe(y))
  end
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

-- mean (y - t)^2
function env.mse(y, target)
  check_pair("mse", y, target)
  return mean(square(y - target))
end

-- mean of d^2 / 2 where d = |y - t| <= 1, and of d - 1/2 beyond (Huber, 1964). With q = min(d, 1)
-- both are q (d - q / 2).
function env.huber(y, target)
  check_pair("huber", y, target)
  local d = abs(y - target)
  local q = min(d, 1)
  return mean(q * (d - q * 0.5))
end

-- mean -(t log p + (1 - t) log(1 - p)) with p = sigmoid(y), which is log(1 + e^y) - t y.
function env.bce(y, target)
  check_pair("bce", y, target)
  return mean(softplus(y) - y * target)
end

-- -log softmax(y)[token]
function env.cross_entropy(y, target)
  if target == nil then
    fail("cross_entropy compares the output with a target; the model has no target")
  end
  if not core.is_node(target) or not core.vocab(target) then
    fail("cross_entropy: the target is %s, not a token; target = token(n) declares one",
      core.is_node(target) and shape_text(core.shape(target)) or describe(target))
  end
  if not core.is_node(y) then
    fail("cross_entropy: the output is %s; it must be one value", describe(y))
  end
  if core.vocab(y) then fail("cross_entropy: the output is a token; it must be logits") end
  local s, vocab = core.shape(y), core.vocab(target)
  if #s ~= 1 or s[1] ~= vocab then
    fail("cross_entropy: the output is %s but the target takes %d values; it must be {%d}, logits",
      shape_text(s), vocab, vocab)
  end
  return core.label(-core.binary("pick", env.log_softmax(y), target), "cross_entropy(...)")
end

lib.losses = { mse = env.mse, huber = env.huber, bce = env.bce, cross_entropy = env.cross_entropy }
