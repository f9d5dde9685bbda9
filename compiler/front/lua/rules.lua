-- rules.lua: how updates treat a parameter: the options of param, and what comes of them where tables of
-- parameters that have options stand in each other.
local core, env, lib = ...
local fail, describe, format = lib.fail, lib.describe, string.format

local names = lib.fields("Parameter")

local function at_least_0(v) return v >= 0 end
local function above_0(v) return v > 0 end
local function any() return true end

-- ---- what is written ----

local bounds = { min = { any, "a number" }, max = { any, "a number" }, max_norm = { above_0, "a number above 0" } }

-- { min =, max = } or { max_norm = }
local function take_constrain(c, what)
  local called = what .. ": constrain"
  lib.check_fields(c, called, lib.fields("Constrain"))
  for _, name in ipairs { "min", "max", "max_norm" } do
    local check = bounds[name]
    if c[name] ~= nil then lib.number(c[name], called .. "." .. name, check[1], check[2]) end
  end
  if next(c) == nil or (c.max_norm and (c.min or c.max)) then
    fail("%s is %s; it is { min =, max = }, one of them or both, or { max_norm = }", called,
      c.max_norm and "a norm and bounds" or "empty")
  end
  if c.min and c.max and c.min > c.max then
    fail("%s: min %s is above max %s", called, lib.number_text(c.min), lib.number_text(c.max))
  end
  return { min = c.min, max = c.max, max_norm = c.max_norm }
end

-- The table of options that `what` was given, checked; nil is none.
function lib.take_options(t, what)
  if t == nil then return {} end
  if type(t) ~= "table" or core.is_node(t) or lib.kinds[t] then
    fail("%s: the options are %s; they are a table such as { trainable = false }", what,
      lib.kinds[t] and lib.kinds[t] .. "(...)" or describe(t))
  end
  lib.check_fields(t, what, names)
  if t.trainable ~= nil and type(t.trainable) ~= "boolean" then
    fail("%s: trainable is %s; it must be true or false", what, describe(t.trainable))
  end
  for _, name in ipairs { "lr", "weight_decay" } do
    if t[name] ~= nil then
      lib.number(t[name], format("%s: %s", what, name), at_least_0, "a number from 0, a factor of the optimizer's")
    end
  end
  return { trainable = t.trainable, lr = t.lr, weight_decay = t.weight_decay,
    constrain = t.constrain ~= nil and take_constrain(t.constrain, what) or nil }
end

-- True for a table that was meant to be options but stands elsewhere.
function lib.looks_like_options(t)
  for i = 1, #names do
    if rawget(t, names[i]) ~= nil then return true end
  end
  return false
end

-- ---- what the command line says of parameters by their names ----

local function list_names(params)
  local list, most = {}, 40
  for i, e in ipairs(params) do list[i] = e.name end
  table.sort(list)
  local more = #list > most and format(" and %d more", #list - most) or ""
  return table.concat(list, ", ", 1, math.min(#list, most)) .. more
end

local function check_matches(given, pattern, params)
  for _, e in ipairs(params) do
    if core.matches(pattern, e.name) then return end
  end
  fail("%s: no parameter's name matches %s; there are %s", given, pattern, list_names(params))
end

-- "PATTERN:lr=X,weight_decay=Y"
local function take_group(text, params)
  local given = "--group " .. text
  local pattern, factors = text:match("^([^:]+):(.+)$")
  local group = { pattern = pattern }
  if not pattern then fail("%s: write --group 'rnn.*:lr=0.1,weight_decay=0'", given) end
  for factor in (factors .. ","):gmatch("(.-),") do
    local name, value = factor:match("^([%w_]+)=(.+)$")
    if name ~= "lr" and name ~= "weight_decay" then
      fail("%s: '%s' is neither lr=X nor weight_decay=X, factors of the optimizer's", given, factor)
    end
    if group[name] then fail("%s: %s stands there twice", given, name) end
    group[name] = lib.number(value:find("^[%d.]") and tonumber(value) or value, format("%s: %s", given, name), at_least_0,
      "a number from 0, a factor of the optimizer's")
  end
  check_matches(given, pattern, params)
  return group
end

-- What --group and --freeze say: a list of options, each with its pattern.
function lib.take_groups(params)
  local groups = {}
  for _, s in ipairs(core.sets()) do
    if s.name == "train.group" and s.value ~= "none" then
      for text in (s.value .. ";"):gmatch("(.-);") do groups[#groups + 1] = take_group(text, params) end
    elseif s.name == "train.freeze" and s.value ~= "none" then
      for pattern in (s.value .. ","):gmatch("(.-),") do
        check_matches("--freeze " .. pattern, pattern, params)
        groups[#groups + 1] = { pattern = pattern, trainable = false }
      end
    end
  end
  return groups
end

-- ---- what it comes to ----

lib.plain_rule = { trainable = true, lr = 1, weight_decay = 1 }

-- A rule, and options inside of what it is about: factors multiply, trainable = false anywhere wins, and of
-- constraints the innermost.
function lib.rule_within(rule, options)
  return {
    trainable = rule.trainable and options.trainable ~= false,
    lr = rule.lr * (options.lr or 1),
    weight_decay = rule.weight_decay * (options.weight_decay or 1),
    constrain = options.constrain or rule.constrain,
  }
end

function lib.is_plain(r)
  return r.trainable and r.lr == 1 and r.weight_decay == 1 and not r.constrain
end

-- A row of the model's table, or nil for a parameter that needs none.
function lib.rule_row(r, name)
  if lib.is_plain(r) then return nil end
  if r.lr - r.lr ~= 0 or r.weight_decay - r.weight_decay ~= 0 then
    fail("params.%s: the factors of lr or weight_decay multiply to more than there are numbers", name)
  end
  local c = r.constrain or {}
  return { trainable = r.trainable, lr = r.lr, weight_decay = r.weight_decay, min = c.min or -math.huge,
    max = c.max or math.huge, max_norm = c.max_norm or 0 }
end

-- ---- what starts outside of its constraint ----

local function check_element(v, c, name, at)
  if (c.min and v < c.min) or (c.max and v > c.max) then
    lib.fail_at(at, "params.%s starts at %s, outside of its constraint%s%s", name, lib.number_text(v),
      c.min and format(", at least %s", lib.number_text(c.min)) or "",
      c.max and format(", at most %s", lib.number_text(c.max)) or "")
  end
end

local function check_row(first, from, n, c, name, at)
  local sum = 0
  for i = from + 1, from + n do
    local v = first.list and first.list[i] or first.a
    sum = sum + v * v
  end
  if math.sqrt(sum) > c.max_norm * (1 + 1e-12) then
    lib.fail_at(at, "params.%s starts with a row whose norm is %s, outside of its constraint, at most %s", name,
      lib.number_text(math.sqrt(sum)), lib.number_text(c.max_norm))
  end
end

-- Numbers that the spec gives; what is drawn at random is put inside when it is drawn (init.h).
function lib.check_start(first, shape, rule, name, at)
  local c, n = rule.constrain, lib.size(shape)
  if not c or (first.kind ~= "constant" and first.kind ~= "values") then return end
  local rows = #shape > 1 and shape[1] or 1
  if c.max_norm then
    for row = 0, (first.list and rows or 1) - 1 do check_row(first, row * n / rows, n / rows, c, name, at) end
    return
  end
  for i = 1, first.list and n or 1 do check_element(first.list and first.list[i] or first.a, c, name, at) end
end
