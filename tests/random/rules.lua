-- rules.lua: tables of numbers among the values, and options of parameters. Both are drawn apart, so that all else
-- of a spec stays as its seed has it.
local shapes = require "shapes"
local new_draw = require "draw"
local size, number = shapes.size, shapes.number
local rules = {}

-- As nested tables.
local function table_text(draw, shape, dim)
  local parts = {}
  for i = 1, shape[dim] do
    parts[i] = dim == #shape and number(draw:sixteenths(1)) or table_text(draw, shape, dim + 1)
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

local function const(draw, shape) return ("const %s"):format(table_text(draw, shape, 1)) end

local kinds = {
  function(draw, c, v)
    return c:let(("%s * %s"):format(v.text, const(draw, v.shape)), v.shape, v.scale, { v })
  end,
  function(draw, c, v)
    return c:let(("%s - %s"):format(const(draw, v.shape), v.text), v.shape, v.scale + 0.6, { v })
  end,
  function(draw, c, v)
    local n, m = v.shape[#v.shape], draw:between(1, 4)
    if #v.shape > 2 then return nil end
    local to = #v.shape == 1 and { m } or { v.shape[1], m }
    return c:let(("%s(%s)"):format(const(draw, { m, n }), v.text), to, 0.6 * math.sqrt(n) * v.scale, { v })
  end,
  function(draw, c)
    local token = c.tokens[1]
    if not token then return nil end
    local n = draw:between(1, 5)
    return c:let(("embedding(%s, %s)"):format(const(draw, { token.vocab, n }), token.text), { n }, 0.6, { token })
  end,
}

-- Adds one or two values that are made of tables of numbers to every third cell.
function rules.add_tables(c, seed)
  local draw = new_draw(seed + 1000003)
  for _ = 1, draw:percent(33) and draw:between(1, 2) or 0 do
    local good = {}
    for _, v in ipairs(c.values) do
      if #v.shape >= 1 and size(v.shape) <= 12 then good[#good + 1] = v end
    end
    if #good > 0 then draw:pick(kinds)(draw, c, draw:pick(good)) end
  end
end

local options = { "trainable = false", "trainable = false", "lr = 0.5", "weight_decay = 0", "lr = 2, weight_decay = 3",
  "constrain = { max_norm = 1.5 }", "constrain = { min = -0.75, max = 1 }" }

-- A declaration with options. What starts at numbers of the spec might start outside of bounds.
local function with_options(declared, chosen)
  if chosen:find("constrain") and not declared:find("uniform") and not declared:find("normal") then return declared end
  if declared:find("^param%(") then return declared:sub(1, -2) .. ", { " .. chosen .. " })" end
  if declared:find("^{") then return ("param(%s, nil, { %s })"):format(declared, chosen) end
  return ("param(%s, { %s })"):format(declared, chosen)
end

-- Gives options to some of the parameters of every third cell, modules among them.
function rules.add_options(c, seed)
  local draw = new_draw(seed + 2000003)
  if not draw:percent(33) then return end
  for _, p in ipairs(c.params) do
    if draw:percent(30) then p.declared = with_options(p.declared, draw:pick(options)) end
  end
end

return rules
