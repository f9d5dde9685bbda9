-- luajit editor_names.lua tapeless.d.lua SPEC: what editors are told of the language, against three lists of it: the table
-- of signatures (functions, their arguments, all options), words.h (optimizers with their fields, schedules), and
-- docs/language.md (what it shows being called). SPEC becomes one that reads every global of the definitions.
local path, spec = arg[1], arg[2]
local failed = false
local function check(fine, ...)
  if not fine then failed = true; io.stderr:write(string.format(...), "\n") end
end
local function read(name)
  local f = assert(io.open(name))
  local text = f:read("*a")
  f:close()
  return text
end

-- The definitions, run as Lua: what they define. A value is a name that is set to nil.
local text = read(path)
local env, values = {}, {}
setfenv(assert(loadfile(path)), setmetatable({}, {
  __index = env,
  __newindex = function(_, name, v)
    if v == nil then values[name] = true else env[name] = v end
  end,
}))()

-- ---@class and its fields; the arguments of each function, those above it.
local fields, arguments, class, params = {}, {}, nil, {}
for line in text:gmatch("[^\n]*") do
  local c, f, p = line:match("^%-%-%-@class tapeless%.(%w+)"), line:match("^%-%-%-@field ([%w_]+)"), line:match("^%-%-%-@param ([%w_.]+)")
  local name, list = line:match("^function ([%w_.]+)%((.*)%) end$")
  if c then class = {}; fields[c] = class end
  if f then class[f] = true end
  if p then params[#params + 1] = p end
  if name then
    check(list == table.concat(params, ", "), "%s: (%s), but @param %s", name, list, table.concat(params, ", "))
    arguments[name] = list
    params = {}
  end
end

local lib = {}
assert(loadfile("compiler/front/lua/signatures.lua"))(nil, nil, lib)
local known = { nn = true }
for _, row in ipairs(lib.signatures) do
  local inner = row.name:match("^nn%.(.*)$")
  local names = {}
  known[row.name] = true
  for i, v in ipairs(row.params or {}) do
    names[i] = v.name
    local taken = lib.classes[v.type]
    check(not taken or text:find("@param " .. v.name .. "%?? tapeless%." .. v.type), "%s: its options are not tapeless.%s", row.name, v.type)
  end
  if row.params then
    check(type((inner and env.nn or env)[inner or row.name]) == "function", "%s is not defined", row.name)
    check(arguments[row.name] == table.concat(names, ", "), "%s(%s) is %s", row.name, table.concat(names, ", "), tostring(arguments[row.name]))
  else
    check(values[row.name], "the value %s is not defined", row.name)
  end
end
for _, c in ipairs(lib.classes) do
  check(fields[c.name], "the options %s are not there", c.name)
  for _, f in ipairs(c.fields) do
    check((fields[c.name] or {})[f.name], "%s has no field %s", c.name, f.name)
  end
end

-- words.h: `DO(TL_SGD, "sgd")`; and the fields that one optimizer or another has.
local words = read("runtime/tapeless/words.h")
local function set(name) return words:match("#define TL_EACH_" .. name .. "%(DO%)(.-)\n#define") or words:match("#define TL_EACH_" .. name .. "%(DO%)(.*)") end
local n = 0
for _, which in ipairs { "OPTIMIZER", "SCHEDULE" } do
  for word in set(which):gmatch('"(%w+)"') do
    n = n + 1
    check(type(env[word]) == "function", "%s: words.h has it", word)
  end
end
for _, which in ipairs { "NUMBER", "WHOLE", "FLAG" } do
  for field in set("OPTIMIZER_" .. which):gmatch("DO%(([%w_]+)%)") do
    local name, found = field:gsub("^beta%d$", "betas"), false
    for word in set("OPTIMIZER"):gmatch('"(%w+)"') do
      found = found or fields[word:sub(1, 1):upper() .. word:sub(2)][name]
    end
    n = n + 1
    check(found, "no optimizer has the option %s", name)
  end
end

-- docs/language.md: `| `name(...)` ` at the beginning of a row of a table of operations and modules.
for row in read("docs/language.md"):gmatch("\n|([^|]*)|") do
  for name in row:gmatch("`([%a_][%w_.]*)%(") do
    if not name:find("^p%.") and name ~= "W" then
      n = n + 1
      check(known[name], "docs/language.md has %s, which editors do not know", name)
    end
  end
end
check(n > 80, "only %d names in other lists", n)

local out = assert(io.open(spec, "w"))
local count = 0
out:write("local all = {\n")
local function add(name) count = count + 1; out:write("  ", name, ",\n") end
for name, v in pairs(env) do
  check(known[name], "%s is defined, and not of the language", name)
  if type(v) == "function" then add(name) end
end
for name in pairs(env.nn) do
  check(known["nn." .. name], "nn.%s is defined, and not of the language", name)
  add("nn." .. name)
end
for name in pairs(values) do add(name) end
out:write("}\nassert(#all == ", count, ")\nreturn model { params = { w = param({ 1 }, 1) }, state = { x = { 1 } },\n",
  "  step = function(p, _, s) return p.w * s.x, { x = s.x } end, loss = function(y) return sum(y) end,\n",
  "  tbptt = { k1 = 1, k2 = 1 } }\n")
out:close()
os.exit(failed and 1 or 0)
