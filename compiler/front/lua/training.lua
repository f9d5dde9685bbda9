-- training.lua: optimizers, schedules, and the tables `tbptt` and `train` of a model. Names and
-- defaults of the optimizers are torch.optim's.
local core, env, lib = ...
local fail, describe, kinds, format = lib.fail, lib.describe, lib.kinds, string.format

-- ---- fields ----

local function at_least_0(v) return v >= 0 end
local function above_0(v) return v > 0 end
local function below_1(v) return v >= 0 and v < 1 end
local function share(v) return v >= 0 and v <= 1 end

local checks = {
  lr = { above_0, "a number above 0" }, momentum = { below_1, "a number from 0, and below 1" },
  dampening = { at_least_0, "a number from 0" }, weight_decay = { at_least_0, "a number from 0" },
  eps = { above_0, "a number above 0" }, alpha = { below_1, "a number from 0, and below 1" },
  gamma = { above_0, "a number above 0" }, factor = { below_1, "a number from 0, and below 1" },
  floor = { share, "a number from 0 to 1" }, peak = { share, "a number from 0 to 1" },
  start = { share, "a number from 0 to 1" }, final = { share, "a number from 0 to 1" },
  min_delta = { at_least_0, "a number from 0" },
  clip_norm = { at_least_0, "a number from 0" }, clip_value = { at_least_0, "a number from 0" },
  average = { below_1, "a number from 0, and below 1" },
  l2 = { at_least_0, "a number from 0" }, lambda = { above_0, "a number above 0" },
  tol_gradient = { at_least_0, "a number from 0" }, tol_step = { at_least_0, "a number from 0" },
  tol_cost = { at_least_0, "a number from 0" },
  p = { above_0, "a number above 0, the variance that the parameters begin with" },
  q = { at_least_0, "a number from 0, what each update adds to the variances" },
  r = { above_0, "a number above 0, the variance of a residual" },
  forgetting = { function(v) return v > 0 and v <= 1 end, "a number above 0, and 1 at most" },
}

local function take_number(t, what, name, default)
  if t[name] == nil then return default end
  return lib.number(t[name], format("%s: %s", what, name), checks[name][1], checks[name][2])
end

local function take_flag(t, what, name)
  return lib.flag(t[name], format("%s: %s", what, name))
end

local function take_word(t, what, name, words)
  return lib.word(t[name], format("%s: %s", what, name), words)
end

-- ---- optimizers ----

local decays = { "all", "matrices" } -- what weight_decay is of

local function take_betas(t, what)
  local b = t.betas == nil and { 0.9, 0.999 } or t.betas
  if type(b) ~= "table" or #b ~= 2 then
    fail("%s: betas is %s; it must be two numbers, { 0.9, 0.999 }", what, describe(b))
  end
  lib.check_list(b, format("%s: betas", what))
  for i = 1, 2 do
    lib.number(b[i], format("%s: betas[%d]", what, i), below_1, "a number from 0, and below 1")
  end
  return b
end

local numbers = { "lr", "momentum", "dampening", "weight_decay", "eps", "alpha", "l2", "lambda", "tol_gradient",
  "tol_step", "tol_cost", "p", "q", "r", "forgetting" }
local wholes = { history = 1000, patience = 2 ^ 40 } -- at most
local without_lr = { lm = true, lbfgs = true, ekf = true, ridge = true }

-- A field that an optimizer does not have is 0.
local function optimizer(kind)
  env[kind] = function(t)
    local betas = without_lr[kind] and { 0, 0 } or take_betas(t, kind)
    local o = { kind = kind, beta1 = betas[1], beta2 = betas[2],
      decay = take_word(t, kind, "decay", decays) }
    for _, name in ipairs { "nesterov", "centered", "geodesic", "decoupled", "keep_scale" } do o[name] = take_flag(t, kind, name) end
    for _, name in ipairs(numbers) do o[name] = take_number(t, kind, name, 0) end
    for name, most in pairs(wholes) do
      local least = name == "history" and 1 or 0
      o[name] = t[name] == nil and 0 or lib.whole(t[name], format("%s: %s", kind, name), least, most)
    end
    if o.lr == 0 and not without_lr[kind] then fail("%s: lr is missing", kind) end
    if o.momentum == 0 and o.dampening ~= 0 then
      fail("%s: dampening is of the momentum, and there is none", kind)
    end
    if o.nesterov and (o.momentum == 0 or o.dampening ~= 0) then
      fail("%s: nesterov needs a momentum and no dampening", kind)
    end
    return lib.tagged("optimizer", o)
  end
end

for _, kind in ipairs(lib.words.optimizer) do optimizer(kind) end

-- ---- schedules ----

-- A field that a schedule does not have is 0.
local function schedule(kind)
  env[kind] = function(t)
    local s = { kind = kind }
    for _, name in ipairs { "gamma", "floor", "peak", "start", "final", "factor", "min_delta" } do
      s[name] = take_number(t, kind, name, 0)
    end
    for _, name in ipairs { "warmup", "every", "total", "patience" } do
      s[name] = lib.whole(t[name] == nil and 0 or t[name], format("%s: %s", kind, name), 0, 2 ^ 40)
    end
    if kind == "step" and s.every == 0 then
      fail("step: every is missing; it is the number of updates from one step to the next")
    end
    return lib.tagged("schedule", s)
  end
end

for _, kind in ipairs(lib.words.schedule) do schedule(kind) end

-- ---- tables of the model ----

local function take_made(t, name, default, example)
  local v = t[name]
  if v == nil then return default end
  if kinds[v] ~= name then
    fail("train: %s is %s; it must be one such as %s", name,
      type(v) == "function" and "a function that was not called" or
      describe(v), example)
  end
  return v
end

-- Of what the command line sets of train only this is the spec's business: it is a factor of each parameter. The rest
-- is done behind it (lua_model.c).
local function take_decay(optimizer)
  for _, s in ipairs(core.sets()) do
    if s.name == "train.optimizer.decay" then
      return take_word({ decay = s.value }, s.given, "decay", decays)
    end
  end
  return optimizer.decay
end

function lib.take_train(t)
  t = t == nil and {} or t
  lib.check_fields(t, "train", lib.fields("Train"))
  local optimizer = take_made(t, "optimizer", nil, "adam { lr = 1e-3 }") or lib.functions.adam {}
  return {
    optimizer = optimizer, decay = take_decay(optimizer),
    schedule = take_made(t, "schedule", nil, "cosine { warmup = 100 }") or lib.functions.constant {},
    clip_norm = take_number(t, "train", "clip_norm", 0),
    clip_value = take_number(t, "train", "clip_value", 0),
    average = take_number(t, "train", "average", 0),
    accumulate = lib.whole(t.accumulate == nil and 1 or t.accumulate, "train: accumulate", 1, 2 ^ 40, "the windows of an update"),
  }
end

-- What a --set says, as the spec would: a number, true, false or a word.
local function set_value(text)
  if text == "true" then return true end
  if text == "false" then return false end
  return text:find("^[+-]?%d+$") and tonumber(text) or text
end

-- The table as the command line changes it, and what messages call a field of it.
local function with_sets(t, what, known)
  local new, given = {}, {}
  for _, name in ipairs(lib.sorted_keys(t)) do new[name] = t[name] end
  for _, s in ipairs(core.sets()) do
    local name = s.name:match("^" .. what .. "%.(.*)$")
    if name then
      new[name], given[name] = set_value(s.value), s.given
      lib.check_fields({ [name] = true }, s.given .. ": " .. what, known)
    end
  end
  return new, function(name) return given[name] or what end
end

-- The loss of a head over the window is the newest step's; others have none.
local function take_counted(t, head, where)
  if not head then return take_word(t, where("loss"), "loss", lib.words.loss) end
  if t.loss ~= nil and t.loss ~= "last" and not (t.loss == "new" and t.k1 == 1) then
    fail("%s: loss is %s; a model with a window has one loss a window, the newest step's: 'last'",
      where("loss"), describe(t.loss))
  end
  return "last"
end

-- The shards of a batch that does not say: as many as have 32 lanes, at most 8; if there are no two of these, the fewest
-- of 16 lanes. With fewer lanes the weights, which each shard reads for itself at every step, cost too much: on one
-- thread two shards of 16 lanes took 3% more than one of 32 (a hidden size of 512), four of 16 took 16% more than one
-- of 64 (1024), two of 25 nothing (128).
local function default_shards(batch)
  for n = 8, 2, -1 do
    if batch % n == 0 and batch / n >= 32 then return n end
  end
  for n = 2, 8 do
    if batch % n == 0 and batch / n >= 16 then return n end
  end
  return 1
end

local function take_shards(t, batch, where)
  if t.shards == nil then return default_shards(batch) end
  local what = where("shards")
  local n = lib.whole(t.shards, what .. ": shards", 1, 65536, "each is a part of the batch")
  if batch % n ~= 0 then
    fail("%s: shards = %d does not divide batch = %d; shards are equal parts of the lanes", what, n, batch)
  end
  return n
end

function lib.take_tbptt(t, head)
  if t == nil then
    fail("tbptt is missing: tbptt = { k1 = 8, k2 = 32 } updates every 8 steps from the last 32")
  end
  local fields, where = lib.fields("Tbptt")
  lib.check_fields(t, "tbptt", fields)
  t, where = with_sets(t, "tbptt", fields)
  if t.k1 == nil or t.k2 == nil then
    fail("tbptt: %s is missing; tbptt = { k1 = 8, k2 = 32 }", t.k1 == nil and "k1" or "k2")
  end
  local unrolled = "every one of the k2 steps has a place of its own in the window"
  local batch = lib.whole(t.batch == nil and 1 or t.batch, where("batch") .. ": batch", 1, 65536,
    "every lane has its own memory for k2 steps")
  return {
    k1 = lib.whole(t.k1, where("k1") .. ": k1", 1, 65536, "that is how many steps lie between two updates"),
    k2 = lib.whole(t.k2, where("k2") .. ": k2", 1, 65536, unrolled),
    batch = batch, shards = take_shards(t, batch, where),
    loss = take_counted(t, head, where),
    reduce = take_word(t, where("reduce"), "reduce", lib.words.reduce),
    overlap = take_word(t, where("overlap"), "overlap", lib.words.overlap),
    learn = take_word(t, where("learn"), "learn", lib.words.learn),
    carry = take_flag(t, where("carry"), "carry"),
    resets = take_flag(t, where("resets"), "resets"),
    masks = take_flag(t, where("masks"), "masks"),
    lags = take_flag(t, where("lags"), "lags"),
    unroll = t.unroll == nil or take_flag(t, where("unroll"), "unroll"),
  }
end
