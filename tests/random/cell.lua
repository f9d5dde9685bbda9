-- cell.lua: a step under construction: its parameters, the values that it has so far, the lines
-- that made them.
--
-- A value is { text, shape, scale, plain, fixed, used }: how the spec writes it; about how large its
-- elements are; whether it is made of inputs alone, so that no parameter and no state moves it and
-- kinks in it do not disturb finite differences; whether it is made of parameters alone; whether
-- something has read it.
local shapes = require "shapes"
local size, text_of, number = shapes.size, shapes.text, shapes.number
local MOST = 36 -- elements of a value

local Cell = {}
Cell.__index = Cell
Cell.MOST = MOST

-- `smooth`: finite differences will be taken.
function Cell.new(draw, smooth)
  return setmetatable({ draw = draw, smooth = smooth, lines = {}, values = {}, tokens = {}, params = {},
    modules = {}, helpers = {}, made = 0, probes = 0, names = 0 }, Cell)
end

-- ---- values ----

function Cell:add(value)
  self.values[#self.values + 1] = value
  return value
end

function Cell:line(...) self.lines[#self.lines + 1] = string.format(...) end

function Cell:new_name(prefix)
  self.names = self.names + 1
  return prefix .. number(self.names)
end

-- Writes `local v = text`. `from` lists the values that the text reads. What has grown large is
-- brought back.
function Cell:let(text, shape, scale, from)
  if size(shape) > MOST then return nil end
  if scale > 2.5 then
    text, scale = (self.draw:percent(60) and "tanh(%s)" or "0.3 * tanh(0.4 * (%s))"):format(text), 1
  end
  local v = { text = self:new_name("v"), shape = shape, scale = scale, plain = true, fixed = true }
  for _, x in ipairs(from) do
    x.used = true
    v.plain, v.fixed = v.plain and x.plain, v.fixed and x.fixed
  end
  if #from == 0 then v.plain, v.fixed = false, false end
  self:line("local %s = %s", v.text, text)
  return self:add(v)
end

local function passes(v, test) return not test or test(v) end

-- A value, of those that pass the test: often a recent one, or one that nothing has read yet.
function Cell:pick(test)
  local good, fresh = {}, {}
  for i, v in ipairs(self.values) do
    if passes(v, test) then
      good[#good + 1] = v
      if not v.used or i > #self.values - 3 then fresh[#fresh + 1] = v end
    end
  end
  if #fresh > 0 and self.draw:percent(60) then good = fresh end
  return #good > 0 and self.draw:pick(good) or nil
end

-- ---- parameters ----

-- Numbers of about 1 / sqrt(fan): what is applied keeps the scale.
local function first_value(draw, shape, fan)
  local a = math.floor(100 * 1.3 / math.sqrt(fan)) / 100
  local kind = draw:upto(10)
  if kind <= 2 and #shape >= 2 then return nil end -- a shape alone is glorot
  if kind == 3 and #shape == 2 then return "orthogonal" end
  if kind == 4 and #shape >= 2 then return "glorot" end
  if kind <= 6 then return ("normal(%s)"):format(number(math.floor(60 * a) / 100)) end
  return ("uniform(%s)"):format(number(a))
end

local groups = { "", "", "", "enc.", "out.", "layers[1].", "layers[2]." }

-- A parameter, or, every third time, one of the same shape that is there already. `fan`: how many
-- of its elements are added where it is used; `first` its first value.
function Cell:param(prefix, shape, fan, first)
  for _, p in ipairs(self.params) do
    if not first and shapes.same(p.shape, shape) and self.draw:percent(35) then
      return { text = p.text, shape = shape, scale = p.scale, fixed = true }
    end
  end
  local name = self.draw:pick(groups) .. self:new_name(prefix)
  first = first or first_value(self.draw, shape, fan or 1)
  local p = { name = name, text = "p." .. name, shape = shape, scale = fan and 1 / math.sqrt(fan) or 1,
    declared = first and ("param(%s, %s)"):format(text_of(shape), first) or text_of(shape) }
  self.params[#self.params + 1] = p
  return { text = p.text, shape = shape, scale = p.scale, fixed = true }
end

function Cell:matrix(rows, columns) return self:param("W", { rows, columns }, columns) end

-- A module among the parameters; returns its name.
function Cell:module(prefix, declared)
  local name = self:new_name(prefix)
  self.params[#self.params + 1] = { name = name, text = "p." .. name, shape = { -1 }, scale = 1, declared = declared }
  return name
end

-- ---- a value in another shape ----

local function flat(v) return #v.shape == 1 and v.text or ("flatten(%s)"):format(v.text) end
Cell.flat = flat

-- Text of shape `shape` in which every element of v plays a part.
function Cell:as(v, shape)
  v.used = true
  local n, m = size(v.shape), size(shape)
  if shapes.same(v.shape, shape) and self.draw:percent(70) then return v.text, v.scale end
  if n == m and self.draw:percent(60) then return ("reshape(%s, %s)"):format(v.text, text_of(shape)), v.scale end
  if m == 1 and #shape == 0 and self.draw:percent(50) then return ("mean(%s)"):format(v.text), v.scale end
  local fits = shapes.broadcast(v.shape, shape)
  if fits and shapes.same(fits, shape) and self.draw:percent(50) then
    local b = self:param("b", shape)
    return ("(%s + %s)"):format(v.text, b.text), v.scale + b.scale
  end
  local W = self:matrix(m, n)
  local y = ("%s(%s)"):format(W.text, flat(v))
  return #shape == 1 and y or ("reshape(%s, %s)"):format(y, text_of(shape)), v.scale
end

-- A text of that shape made of one to three values, unread ones first, none of them twice: they might
-- cancel.
function Cell:gather(shape)
  local parts, scale, taken = {}, 0, {}
  for _ = 1, self.draw:upto(3) do
    local v = self:pick(function(x) return not x.used and not taken[x] end) or
      self:pick(function(x) return not taken[x] end)
    if not v then break end
    local text, s = self:as(v, shape)
    parts[#parts + 1], scale, taken[v] = text, scale + s, true
  end
  local joint = self.draw:percent(75) and " + " or " - "
  return table.concat(parts, joint), scale
end

return Cell
