-- libraries.lua: what Lua's libraries say to values of the model, which are no numbers, strings or
-- tables while a spec is run; and of functions that they do not have.
local core, env, lib = ...
local fail, describe, prepared, is_node = lib.fail, lib.describe, lib.prepared, core.is_node
local format, select, rawget = string.format, select, rawget

-- What to write for a function of math that the language has too, or has something for.
local function operation(name)
  local row = lib.signatures[name]
  return row and "write " .. lib.usage(row) or lib.foreign(name, "")
end

local function on_numbers(name)
  local instead = operation(name)
  return "math works on numbers" .. (instead and "; " .. instead or
    ", and a value of the model has none before the model runs")
end

-- Passes the arguments on if none of them is a value of the model.
local function refuse(called, why)
  local function check(i, n, v, ...)
    if is_node(v) then fail("%s: argument %d is %s; %s", called, i, describe(v), why) end
    if i < n then check(i + 1, n, ...) end
  end
  return function(...)
    check(1, select("#", ...), ...)
    return ...
  end
end

local function guard(t, name, called, why) t[name] = prepared(t[name], refuse(called, why)) end

for name in ("abs acos asin ceil cos deg exp floor fmod log max min modf rad sin sqrt tan"):gmatch("%S+") do
  guard(env.math, name, "math." .. name, on_numbers(name))
end

-- Of two numbers, as in Lua 5.4.
local numbers_only = refuse("math.atan", on_numbers("atan"))
env.math.atan = prepared(math.atan2 or math.atan, function(y, x) return numbers_only(y, x or 1) end)

for name in ("byte char find gmatch gsub len lower match rep reverse sub upper"):gmatch("%S+") do
  guard(env.string, name, "string." .. name, "it works on strings, and tostring(x) makes one")
end

guard(env, "tonumber", "tonumber", "it has no number before the model runs")
guard(env, "rawget", "rawget", "it has no field but shape")
guard(env, "unpack", "unpack", "split(x, n) gives parts of a value")
guard(env.table, "unpack", "table.unpack", "split(x, n) gives parts of a value")
guard(env.table, "sort", "table.sort", "its elements have no order before the model runs")

-- The list may hold values of the model, but may not be one.
for name in ("insert remove"):gmatch("%S+") do
  local called = "table." .. name
  env.table[name] = prepared(env.table[name], function(t, ...)
    if is_node(t) then fail("%s: argument 1 is %s; it takes a table", called, describe(t)) end
    return t, ...
  end)
end

env.table.concat = prepared(env.table.concat, function(t, ...)
  for i = 1, type(t) == "table" and #t or 0 do
    if is_node(rawget(t, i)) then
      fail("table.concat: element %d is %s; concat { a, b } joins values of the model", i,
        describe(rawget(t, i)))
    end
  end
  if is_node(t) then fail("table.concat: argument 1 is %s; it takes a table", describe(t)) end
  return t, ...
end)

-- ---- functions that are not there ----

local function absent(library, t)
  local names = lib.sorted_keys(t)
  setmetatable(t, {
    __index = function(_, key)
      if type(key) ~= "string" then return nil end
      local instead = library == "math" and operation(key)
      fail("%s.%s is not available in a spec%s", library, key,
        instead and "; " .. instead or lib.suggestion(key, names))
    end,
  })
end

absent("math", env.math)
absent("string", env.string)
absent("table", env.table)

-- The language has its own table, signatures.lua; these names are Lua's.
lib.of_lua = {}
for name in next, env do lib.of_lua[name] = true end

-- ("x"):rep(3) finds its method in a table of its own: what a spec puts into `string` changes
-- nothing for the prelude.
local methods = {}
for _, name in ipairs(lib.sorted_keys(env.string)) do methods[name] = env.string[name] end
methods.dump = nil
core.protect_strings(methods)
