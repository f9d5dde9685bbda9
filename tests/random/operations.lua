-- operations.lua: what can be drawn for a step. Each operation adds values to the cell, or returns nil
-- where it finds no operands.
local list = {}
local function operation(name, f) list[#list + 1] = { name = name, f = f } end

require "pointwise" (operation)
require "tensors" (operation)
require "layers" (operation)

-- The same once more.
operation("again", function(c)
  local line = #c.lines > 0 and c.draw:pick(c.lines) or ""
  local name, text = line:match("^local (v%d+) = (.*)$")
  if not name or text:find("probe(", 1, true) then return nil end
  for _, v in ipairs(c.values) do
    if v.text == name then return c:let(text, v.shape, v.scale, { v }) end
  end
end)

-- Draws operations until `count` have been found; number `first` of the list comes first, so that
-- seeds that follow each other use them all.
local function fill(c, first, count)
  local o, tries = list[(first - 1) % #list + 1], 0
  while tries < 200 and count > 0 do
    if o.f(c) then count = count - 1 end
    o, tries = c.draw:pick(list), tries + 1
  end
end

return { list = list, fill = fill }
