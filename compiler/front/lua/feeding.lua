-- feeding.lua: a step that reads what the model said before, in place of what was so: scheduled sampling.
local core, env, lib = ...
local fail, shape_text, shape, label = lib.fail, lib.shape_text, core.shape, core.label
local value, where, reshape, max_pool = lib.value, env.where, env.reshape, env.max_pool

-- In training `previous` with probability p, else x, drawn for each step and lane, the whole value together (Bengio et
-- al., 2015); in evaluation what the option says. A dropmask is above 0 where it keeps, and 1 in evaluation: so what it
-- keeps is what evaluation reads.
function env.feed(x, previous, p, options)
  x, previous = value(x, "feed", 1), value(previous, "feed", 2)
  if not lib.same_shape(shape(x), shape(previous)) then
    fail("feed: x is %s but what was said before is %s", shape_text(shape(x)), shape_text(shape(previous)))
  end
  local reads = lib.word(options.evaluation, "feed: evaluation", { "x", "previous" })
  local most = reads == "x" and "from 0, and below 1" or "above 0, and at most 1"
  lib.number(p, "feed: the probability", function(v)
    if reads == "x" then return v >= 0 and v < 1 end
    return v > 0 and v <= 1
  end, "a number " .. most .. ", where evaluation reads " .. reads)
  local kept, other, rate = x, previous, p
  if reads == "previous" then kept, other, rate = previous, x, 1 - p end
  if rate == 0 then return kept end
  return label(where(core.binary("gt", core.dropmask(rate, {}), core.constant(0, {})), kept, other), "feed(...)")
end

-- 1 where an element is the largest along the last dimension, shared where several are, else 0.
function env.hardmax(x)
  x = value(x, "hardmax", 1)
  local s = shape(x)
  if #s == 0 then fail("hardmax: %s is a scalar", core.name(x)) end
  local n = s[#s]
  local rows = reshape(x, { lib.size(s) / n, n })
  local largest = core.binary("eq", rows, max_pool(rows, n, { stride = n, pad = 0 }))
  return label(reshape(core.binary("div", largest, env.sum(largest, 2, { keepdim = true })), s), "hardmax(...)")
end
