-- sandbox.lua: the part of Lua that a spec sees. The same spec gives the same model in every run,
-- under Lua and under LuaJIT: nothing here depends on time, chance or the order of a hash table.
local core, env, lib = ...
local fail, describe, sorted_keys = lib.fail, lib.describe, lib.sorted_keys
local raw_tostring, raw_setmetatable = tostring, setmetatable
local unpack = unpack or table.unpack

-- ---- what is as in Lua ----

local function copy(from, names)
  local to = {}
  for name in names:gmatch("%S+") do to[name] = from[name] end
  return to
end

for name, f in next, copy(_G,
  "error assert pcall xpcall select type tonumber rawequal rawget getmetatable") do
  env[name] = f
end
env.math = copy(math,
  "abs acos asin ceil cos deg exp floor fmod huge log max min modf pi rad sin sqrt tan")
env.table = copy(table, "concat insert remove sort")
env.string = copy(string, "byte char find gmatch gsub len lower match rep reverse sub upper")
env.unpack = unpack
env.table.unpack = unpack
function env.table.pack(...) return { n = select("#", ...), ... } end

-- f(prepare(...)), whose errors are about the line that called it and in that line's words.
local prepared = core.prepared or function(f, prepare)
  return function(...) return f(prepare(...)) end
end
lib.prepared = prepared

function env.rawlen(v)
  if type(v) ~= "table" and type(v) ~= "string" then
    fail("rawlen takes a table or a string, not %s", describe(v))
  end
  return #v
end

env.require = core.require
env.__return = core.values

-- ---- what differs ----

-- Without the address that Lua shows for a table.
local function text(v)
  local kind = type(v)
  if kind == "number" then return lib.number_text(v) end
  local mt = getmetatable(v)
  local own = type(mt) == "table" and mt.__tostring
  if own or kind == "string" or kind == "boolean" or v == nil or core.is_node(v) then
    return raw_tostring(v)
  end
  return kind
end
env.tostring = text

env.string.format = prepared(string.format, function(pattern, ...)
  local values, n = { ... }, select("#", ...)
  for i = 1, n do
    local kind = type(values[i])
    if kind ~= "number" and kind ~= "string" then values[i] = text(values[i]) end
  end
  if type(pattern) == "string" and pattern:gsub("%%%%", ""):find("%%[%-#+ 0-9.]*p") then
    fail("string.format: %%p is not available in a spec")
  end
  return pattern, unpack(values, 1, n)
end)

function env.print(...)
  local words = { ... }
  for i = 1, select("#", ...) do words[i] = text(words[i]) end
  core.print(table.concat(words, "\t"))
end

local function check_table(v, what)
  if type(v) ~= "table" then fail("%s takes a table, not %s", what, describe(v)) end
end

-- Keys in order: numbers, then strings.
function env.pairs(t)
  check_table(t, "pairs")
  local keys, i = sorted_keys(t), 0
  return function()
    while i < #keys do
      i = i + 1
      local v = rawget(t, keys[i])
      if v ~= nil then return keys[i], v end
    end
  end, t, nil
end

local function before(a, b)
  if type(a) ~= type(b) then return type(a) == "number" end
  return a < b
end

-- By the table's own elements, as in LuaJIT: a list of the model's ends there, and says of what is
-- behind its end that it is a mistake.
function env.ipairs(t)
  check_table(t, "ipairs")
  return function(list, i)
    local v = rawget(list, i + 1)
    if v ~= nil then return i + 1, v end
  end, t, 0
end

-- The successor in that order, by looking at every key.
function env.next(t, key)
  check_table(t, "next")
  local best
  for k in next, t do
    if type(k) ~= "number" and type(k) ~= "string" then sorted_keys(t) end
    if (key == nil or before(key, k)) and (best == nil or before(k, best)) then best = k end
  end
  if best ~= nil then return best, t[best] end
end

-- A finaliser or a weak table would make the model depend on when memory is collected.
env.setmetatable = prepared(setmetatable, function(t, mt)
  check_table(t, "setmetatable")
  if type(mt) == "table" and (rawget(mt, "__gc") ~= nil or rawget(mt, "__mode") ~= nil) then
    fail("setmetatable: __gc and __mode are not available in a spec")
  end
  return t, mt
end)

-- The tables of the model, which cannot be changed, have a metatable that cannot be seen.
env.rawset = prepared(rawset, function(t, ...)
  if type(t) == "table" and getmetatable(t) == false then
    fail("rawset: %s cannot be changed", lib.view_names[t] or "this table")
  end
  return t, ...
end)

local function unavailable(name, why)
  return function() fail("%s is not available in a spec: %s", name, why) end
end

local chance = "the same spec must always give the same model"
env.math.random = unavailable("math.random", chance)
env.math.randomseed = unavailable("math.randomseed", chance)
env.string.dump = unavailable("string.dump", "a spec is Lua text")

-- ---- names that are not there ----

local absent = "a spec only describes a model"
local outside = {}
for name in ("io os debug package coroutine load loadstring loadfile dofile collectgarbage ffi " ..
  "jit bit bit32 utf8 newproxy getfenv setfenv _G _VERSION"):gmatch("%S+") do
  outside[name] = true
end

raw_setmetatable(env, {
  __index = function(_, name)
    if outside[name] then fail("%s is not available in a spec: %s", name, absent) end
    if type(name) ~= "string" then return nil end
    local instead = lib.foreign(name, "")
    if instead then fail("%s is not defined: %s", name, instead) end
    fail("%s is not defined%s", name, lib.suggestion(name, env))
  end,
  __metatable = false,
})

