-- data.lua: what a model of model.lua is trained on, as the words that tests/tools/tensors.c takes.
local shapes = require "shapes"
local number = shapes.number

local function tensor(name, shape, draw_one)
  local words = { name, (table.concat(shape, "x"):gsub("%.0", "")) }
  for i = 1, shapes.size(shape) do words[i + 2] = number(draw_one(i)) end
  return table.concat(words, " ")
end

local function field(draw, side, f, T, B)
  local shape = { T, B }
  for i, d in ipairs(f.shape) do shape[i + 2] = d end
  return tensor(f.name and side .. "." .. f.name or side, shape, function()
    local v = f.vocab and draw:upto(f.vocab) - 1 or draw:sixteenths(1)
    return f.probability and (v + 1) / 2 or v -- what bce compares is from 0 to 1
  end)
end

-- Where sequences start: here and there in each lane, and at one step in all. A head needs k2 steps of a
-- sequence, none of them padding: for it the first lane is whole, and the others are nearly so.
local function resets(draw, T, B, head)
  local all = draw:percent(50) and not head and draw:upto(T)
  return tensor("reset", { T, B }, function(i)
    local starts = draw:percent(head and 4 or 12) and not (head and i % B == 1 % B)
    return (math.floor((i - 1) / B) + 1 == all or starts) and 1 or 0
  end)
end

-- Weights of steps: with `padding` 0 here and there, and from some step to the end of a lane; the first
-- update has a step that counts.
local function masks(draw, T, B, k1, padding, head)
  local last = {}
  for lane = 1, B do last[lane] = padding and draw:percent(40) and draw:between(1, T) or T end
  return tensor("mask", { T, B }, function(i)
    local step, lane = math.floor((i - 1) / B) + 1, (i - 1) % B + 1
    local gap = padding and draw:percent(head and 4 or 15)
    if (gap or step > last[lane]) and not (lane == 1 and (head or step == k1)) then return 0 end
    return draw:pick { 1, 1, 0.5, 2 }
  end)
end

-- Weights of the loss alone, 0 at every other step; the first update has a step that counts.
local function weights(draw, T, B, k1, head)
  return tensor("weight", { T, B }, function(i)
    local step, lane = math.floor((i - 1) / B) + 1, (i - 1) % B + 1
    local w = draw:pick { 0, 0, 0, 1, 0.25, 3 }
    return w == 0 and lane == 1 and (head or step == k1) and 1 or w
  end)
end

-- The words, and how many steps they are; nil for a model that has no use for data.
return function(draw, model, beside)
  local t, list = model.tbptt, {}
  local T = draw:between(2, 4) * t.k1 + draw:between(0, t.k1) + draw:between(0, t.k2)
  if model.head then T = T + t.k2 end
  for _, f in ipairs(model.inputs) do list[#list + 1] = field(draw, "input", f, T, t.batch) end
  for _, f in ipairs(model.targets) do list[#list + 1] = field(draw, "target", f, T, t.batch) end
  if #list == 0 then return nil, T end
  if t.resets then list[#list + 1] = resets(draw, T, t.batch, model.head) end
  if t.masks or draw:percent(20) then list[#list + 1] = masks(draw, T, t.batch, t.k1, t.masks, model.head) end
  if beside:percent(30) then list[#list + 1] = weights(beside, T, t.batch, t.k1, model.head) end
  return table.concat(list, "\n--\n") .. "\n", T
end
