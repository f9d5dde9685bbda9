-- calls.lua: puts a check before every function of the language, made from its line in
-- signatures.lua: how many arguments it was given, and what its options are called. Runs last: what
-- the prelude itself calls are the functions as they were before.
local core, env, lib = ...
local fail, format, kinds = lib.fail, string.format, lib.kinds
local select, type, tonumber, unpack = select, type, tonumber, unpack or table.unpack

-- ---- the number of arguments ----

local function arguments(least, most)
  if most == math.huge then return format("%d or more arguments", least) end
  if least == most then return format("%d argument%s", most, most == 1 and "" or "s") end
  return format("%d %s %d arguments", least, most == least + 1 and "or" or "to", most)
end

-- What else to say where people expect another argument.
local notes = {
  real = "a value of several dimensions is real { h, w }",
  relu = "leaky_relu(x, slope) has a slope",
  max = "it compares values element by element; max_pool finds the largest elements of one",
  min = "it compares values element by element; -max_pool(-x, size) finds the smallest elements of one",
  matmul = "products of three are matmul(matmul(a, b), c)",
  concat = "the values stand in one list, concat { a, b }",
  stack = "the values stand in one list, stack { a, b }",
  const = "a vector is const { 1, 2 }",
  uniform = "it is even between -a and a",
  normal = "its mean is 0",
  reshape = "the shape is one table, reshape(x, { 2, 3 })",
  dropout = "p has no default; dropout(x, 0.5)",
}

local function wrong_count(row, n)
  local note = notes[row.name]
  fail("%s takes %s, %s; it was given %d%s", row.name, arguments(row.least, row.most),
    lib.usage(row), n, note and "; " .. note or "")
end

-- ---- options ----

-- What stands for a value in signatures.lua. Tables are left to the function.
local function read_default(text)
  if text == "true" then return true end
  if text == "false" then return false end
  return tonumber(text) or text:match('^"(.*)"$')
end

-- The options with the defaults of those that were not given.
local function complete(options, class)
  local all = {}
  for _, field in ipairs(class.fields) do
    local v = options[field.name]
    if v == nil and field.default then v = read_default(field.default) end
    all[field.name] = v
  end
  return all
end

local function take_options(row, v, i)
  local param = row.params[i]
  local class = lib.classes[param.type]
  if v == nil and param.optional then v = {} end
  if param.optional and (type(v) ~= "table" or core.is_node(v) or kinds[v]) then
    local note = notes[row.name]
    fail("%s: argument %d is %s; it is a table of options: %s%s", row.name, i,
      kinds[v] and format("%s(...)", kinds[v]) or lib.describe(v), lib.usage(row), note and "; " .. note or "")
  end
  lib.check_fields(v, row.name, class.names)
  return complete(v, class)
end

-- ---- wrapping ----

-- The options are always the last parameter.
local function checked(row, f)
  local least, most = row.least, row.most
  local last = row.params[#row.params]
  local with_options = last and lib.classes[last.type]
  local before = lib.before[row.name]
  return function(...)
    local n = select("#", ...)
    if before then before() end
    if n < least or n > most then wrong_count(row, n) end
    if not with_options then return f(...) end
    local list = { ... }
    list[most] = take_options(row, list[most], most)
    return f(unpack(list, 1, most))
  end
end

-- What the language's names mean, whatever a spec makes of them.
local functions = {}
lib.functions = functions

local function ours(...) error("internal: " .. format(...), 0) end

for _, row in ipairs(lib.signatures) do
  local module_name = row.name:match("^nn%.(.*)$")
  local table_of = module_name and lib.nn or env
  local v = rawget(table_of, module_name or row.name)
  if v == nil or (row.params and type(v) ~= "function") then
    ours("%s is in signatures.lua but there is no such function", row.name)
  end
  functions[row.name] = row.params and checked(row, v) or v
  rawset(table_of, module_name or row.name, functions[row.name])
end

for name in next, env do
  if not functions[name] and not lib.of_lua[name] then
    ours("%s has no line in signatures.lua", name)
  end
end
for name in next, lib.nn do
  if not functions["nn." .. name] then ours("nn.%s has no line in signatures.lua", name) end
end

local modules = lib.sorted_keys(lib.nn)
env.nn = lib.strict(lib.nn, "nn", function(key)
  local instead = lib.foreign(key, "nn.")
  return format("nn.%s: there is no such module%s", key,
    instead and "; " .. instead or lib.hint(key, modules, "there is"))
end)
