-- numbers.lua: tables of numbers: const(table), and what parameters and states start at.
local core, env, lib = ...
local fail, describe, shape_text, format = lib.fail, lib.describe, lib.shape_text, string.format

-- " at [2][3]", or nothing for the whole.
local function place(path) return #path == 0 and "" or format(" at [%s]", table.concat(path, "][")) end

local function text(v) return v ~= v and "nan" or lib.number_text(v) end

-- The length of a list. Keys are counted, so that a hole or a name is seen.
local function length(t, what, path)
  local n = 0
  for key in next, t do
    if type(key) ~= "number" then
      fail("%s: the numbers%s have the field %s; a table of numbers is a list, or a list of lists", what, place(path),
        tostring(key))
    end
    n = n + 1
  end
  if n == 0 then fail("%s: the table%s is empty; it holds numbers", what, place(path)) end
  for i = 1, n do
    if rawget(t, i) == nil then fail("%s: the numbers%s have a hole at %d", what, place(path), i) end
  end
  return n
end

local function is_list(v) return type(v) == "table" and not core.is_node(v) and not lib.kinds[v] end

local function number(v, what, path)
  if type(v) ~= "number" then
    fail("%s: the numbers have %s%s%s", what, describe(v), place(path),
      core.is_node(v) and "; stack and concat join values of the model" or "; it must be a number")
  end
  if v - v ~= 0 then
    fail("%s: the numbers have %s%s; they must be finite", what, text(v), place(path))
  end
end

-- Appends what stands in t, which is `depth` lists deep in the whole, to `list`; sets shape[depth].
local function collect(t, what, path, shape, list)
  local depth, n = #path + 1, length(t, what, path)
  if depth > 4 then fail("%s: the numbers are nested more than 4 deep; a value has at most 4 dimensions", what) end
  if not shape[depth] then
    shape[depth] = n
  elseif shape[depth] ~= n then
    fail("%s: the numbers have rows of different lengths: the one%s has %d, those before it %d", what, place(path), n,
      shape[depth])
  end
  for i = 1, n do
    local v = rawget(t, i)
    path[depth] = i
    if is_list(v) then
      if shape.leaf == depth then
        fail("%s: the numbers have a table%s, where others have a number", what, place(path))
      end
      collect(v, what, path, shape, list)
    else
      number(v, what, path)
      if shape[depth + 1] then
        fail("%s: the numbers have %s%s, where others have a table", what, lib.number_text(v), place(path))
      end
      shape.leaf = depth
      list[#list + 1] = v
    end
  end
  path[depth] = nil
end

-- The numbers in order, and their shape by how they are nested.
local function read(t, what)
  local shape, list = {}, {}
  collect(t, what, {}, shape, list)
  shape.leaf = nil
  return list, lib.shape(shape, what)
end

-- As what a tensor of `shape` starts at: nested like it, or in one list.
function lib.read_numbers(t, shape, what)
  local list, nested = read(t, what)
  if not lib.same_shape(nested, shape) and not (#nested == 1 and nested[1] == lib.size(shape)) then
    fail("%s: the shape is %s, %d numbers, but the initial value is %s; it is nested like the shape, or one list", what,
      shape_text(shape), lib.size(shape), shape_text(nested))
  end
  return list
end

function env.const(t)
  if type(t) == "number" then
    if t - t ~= 0 then fail("const: the number is %s; it must be finite", text(t)) end
    return core.constant(t, {})
  end
  if not is_list(t) then
    fail("const takes numbers, const { { 1, 0 }, { 0, 1 } }, not %s",
      lib.kinds[t] and lib.kinds[t] .. "(...)" or describe(t))
  end
  return core.numbers(read(t, "const"))
end
