-- check.lua: what the other files say errors with. Every file of the prelude gets the functions
-- that C gives (core), the environment of the user's files (env), and what the files of the prelude
-- share with each other (lib).
local core, env, lib = ...
local format, concat, floor = string.format, table.concat, math.floor

-- Raises a sentence about the nearest line of the user's.
function lib.fail(...) return core.fail(format(...)) end

-- The same about another place: "models/x.lua:14", as core.where and core.defined give it.
function lib.fail_at(at, ...) return core.fail(format(...), at) end

function lib.shape_text(shape)
  local text = {}
  for i = 1, #shape do text[i] = format("%d", shape[i]) end
  return "{" .. concat(text, ", ") .. "}"
end

function lib.number_text(v)
  local text = format("%.14g", v)
  return tonumber(text) == v and text or format("%.17g", v)
end

lib.view_names = setmetatable({}, { __mode = "k" }) -- what p, p.rnn, s.rnn, ... are called

-- A value that stands where it should not, as part of a sentence.
function lib.describe(v)
  local kind = type(v)
  if v == nil then return "nil" end
  if kind == "number" then return lib.number_text(v) end
  if kind == "string" then return format("'%s'", v:sub(1, 40)) end
  if kind == "boolean" then return tostring(v) end
  if core.is_node(v) and core.vocab(v) then return core.name(v) .. ", a token" end
  if core.is_node(v) then
    return format("%s of shape %s", core.name(v), lib.shape_text(core.shape(v)))
  end
  if lib.view_names[v] then return lib.view_names[v] .. ", which is a table" end
  return "a " .. kind
end

-- Numbers in order, then strings in order. Other keys have no order that is the same in every run. With
-- more than `most` keys, if that is given, too_many() is called, before there is work for each of them.
function lib.sorted_keys(t, most, too_many)
  local numbers, strings, n = {}, {}, 0
  for k in next, t do
    n = n + 1
    if most and n > most then too_many() end
    local list = type(k) == "number" and numbers or type(k) == "string" and strings
    if not list then
      lib.fail("a %s is a key here; only numbers and strings have an order", type(k))
    end
    list[#list + 1] = k
  end
  table.sort(numbers)
  table.sort(strings)
  for i = 1, #strings do numbers[#numbers + 1] = strings[i] end
  return numbers
end

-- Edits between two names: insert, delete, replace (Levenshtein, 1966).
local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      diagonal, row[j] = row[j], math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost)
    end
  end
  return row[#b]
end

-- "; did you mean tanh?" or "". `known` is a list or a table with the names as keys. Names of one
-- letter are near to nothing.
function lib.suggestion(name, known)
  local best, least = nil, #name <= 1 and 1 or #name <= 3 and 2 or 3
  if #name > 40 then return "" end
  local names = #known > 0 and known or lib.sorted_keys(known)
  for i = 1, #names do
    local d = type(names[i]) == "string" and #names[i] <= 40 and distance(name, names[i]) or least
    if d < least then best, least = names[i], d end
  end
  return best and format("; did you mean %s?", best) or ""
end

-- The nearest name, or else all of them.
function lib.hint(name, known, what)
  local hint = lib.suggestion(name, known)
  if hint ~= "" then return hint end
  return #known > 0 and format("; %s %s", what, concat(known, ", ")) or ""
end

-- A table of the user's with named fields, none but `known`.
function lib.check_fields(t, what, known)
  if type(t) ~= "table" or core.is_node(t) then
    lib.fail("%s takes a table, %s { ... }, not %s", what, what, lib.describe(t))
  end
  local keys = lib.sorted_keys(t, 1024, function()
    lib.fail("%s has more than 1024 fields; its fields are %s", what, concat(known, ", "))
  end)
  for i = 1, #keys do
    local found = false
    for j = 1, #known do found = found or known[j] == keys[i] end
    if not found then
      local name = tostring(keys[i])
      local hint = lib.foreign_field(name, known, what)
      if hint == "" then hint = lib.hint(name, known, #known > 1 and "its fields are" or "its one field is") end
      lib.fail("%s has no field %s%s", what, name, hint)
    end
  end
end

lib.name_rule = "a name is at most 63 letters, digits and _, and does not begin with a digit"

function lib.is_name(v)
  return type(v) == "string" and #v <= 63 and v:find("^[%a_][%w_]*$") ~= nil
end

function lib.check_name(v, what)
  if not lib.is_name(v) then
    lib.fail("%s: %s; this is %s", what, lib.name_rule, lib.describe(v))
  end
end

local function is_whole(v) return type(v) == "number" and v == floor(v) and v - v == 0 end
lib.is_whole = is_whole

function lib.whole(v, what, low, high, why)
  if is_whole(v) and v >= low and v <= high then return v end
  lib.fail("%s is %s; it must be a whole number from %d to %d%s", what, lib.describe(v), low, high,
    why and "; " .. why or "")
end

function lib.number(v, what, condition, text)
  if type(v) == "number" and v - v == 0 and condition(v) then return v end
  lib.fail("%s is %s; it must be %s", what, lib.describe(v), text)
end

-- A list has nothing but what is in order: concat { a, b, dim = 2 } is a mistake. n is table.pack's.
function lib.check_list(t, what)
  local keys = lib.sorted_keys(t)
  for i = 1, #keys do
    if keys[i] ~= i and not (keys[i] == "n" and t.n == #t) then
      lib.fail("%s: the list has something under %s; it is a list of %d", what, lib.describe(keys[i]), #t)
    end
  end
end

-- true or false; false if left out.
function lib.flag(v, what)
  if v == nil then return false end
  if type(v) ~= "boolean" then lib.fail("%s is %s; it must be true or false", what, lib.describe(v)) end
  return v
end

-- One of the words; the first if left out.
function lib.word(v, what, words)
  if v == nil then return words[1] end
  for i = 1, #words do if words[i] == v then return v end end
  lib.fail("%s is %s; it must be '%s'", what, lib.describe(v),
    concat(words, "', '", 1, #words - 1) .. "' or '" .. words[#words])
end

local largest = 2 ^ 28

-- A shape from a list of numbers, checked.
function lib.shape(v, what)
  if type(v) ~= "table" then
    lib.fail("%s: a shape is a table such as { 32 } or { 32, 8 }, not %s", what, lib.describe(v))
  end
  local shape, size = {}, 1
  for i = 1, #lib.sorted_keys(v) do
    local d = v[i]
    if not is_whole(d) or d < 1 then
      lib.fail("%s: dimension %d of the shape is %s; it must be a whole number >= 1", what, i,
        lib.describe(d))
    end
    shape[i], size = d, size * d
  end
  if #shape > 4 then
    lib.fail("%s: a shape has at most 4 dimensions; %s has %d", what, lib.shape_text(shape), #shape)
  end
  if size > largest then
    lib.fail("%s: the shape has %.4g elements; one example of a value has at most %d", what, size,
      largest)
  end
  return shape
end

function lib.same_shape(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do if a[i] ~= b[i] then return false end end
  return true
end

function lib.size(shape)
  local n = 1
  for i = 1, #shape do n = n * shape[i] end
  return n
end

local made = {} -- strict tables with a copy of what was in them

-- ".h" or "[3]"
local function member(key)
  if lib.is_whole(key) then return string.format("[%d]", key) end
  return "." .. tostring(key)
end

-- A table that knows its fields: another name is a mistake, reported as `message(name)` says. Its
-- fields are its own, so that # and ipairs work for lists under LuaJIT too; therefore that a field
-- was set is only seen afterwards, by check_strict.
function lib.strict(fields, name, message, call)
  local was = {}
  for k, v in next, fields do was[k] = v end
  made[#made + 1] = { now = fields, was = was, name = name }
  lib.view_names[fields] = name
  return setmetatable(fields, {
    __index = function(_, key) lib.fail("%s", message(tostring(key))) end,
    __newindex = function(_, key)
      lib.fail("%s%s is set here; %s cannot be changed", name, member(key), name)
    end,
    __call = call,
    __metatable = false,
  })
end

function lib.check_strict(at)
  for i = 1, #made do
    local t = made[i]
    for _, k in ipairs(lib.sorted_keys(t.was)) do
      if not rawequal(rawget(t.now, k), t.was[k]) then
        lib.fail_at(at, "%s%s has been set; %s cannot be changed", t.name, member(k), t.name)
      end
    end
  end
end
