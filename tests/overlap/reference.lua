-- luajit reference.lua LINES COUNT: for each of the COUNT trainings in LINES, a file of tests/tools/overlap_runs.c, trains the cell of
-- cell.lua by the definition, step by step in a rolled loop with the chain rule written out, and compares loss and
-- gradient norm of every update. Nothing here is shared with the compiler or the runtime.
local k1, k2, overlap, counted, reduce, T, apart, weighted, p, step

local function tanh(x) return 1 - 2 / (math.exp(2 * x) + 1) end

-- the input, as in the table that the test writes
local function x(t) return (t * 7 % 5 - 2) / 4 end

-- what its loss counts
local function weight_of(t) return weighted and ({ 0, 0, 1, 0.5, 4 })[math.floor(t * 3 / 2) % 5 + 1] or 1 end

local function copy() return { w = p.w, b = p.b, v = p.v } end

-- step[t]: what step t computed, and with which parameters; y is what the loss is the square of
local function run(t)
  local before = step[t - 1].h
  local z = p.w * before + p.b * x(t)
  local a = tanh(z)
  step[t] = { a = a, h = apart and 0.5 * before + a or a, y = apart and z or a, p = copy() }
end

local function update(t, fresh)
  local first = math.max(1, t - k2 + 1)
  for i = t - fresh + 1, t do run(i) end -- steps before the window are only passed through
  if overlap == "recompute" then
    for i = first, t do run(i) end
  end
  local from = counted == "last" and t or counted == "all" and first or math.max(first, t - fresh + 1)
  local total = 0
  for i = from, t do total = total + weight_of(i) end
  if total == 0 then return nil end
  local g, dh, loss = { w = 0, b = 0, v = 0 }, 0, 0
  for i = t, first, -1 do
    local q = overlap == "versions" and step[i].p or p -- going back with these weights
    local a, y, dy = step[i].a, step[i].y, 0
    if i >= from then
      local weight = weight_of(i) / (reduce == "mean" and total or 1)
      -- the loss as it was computed, when it was computed
      loss = loss + weight * (overlap == "recompute" and p or step[i].p).v * y * y
      g.v = g.v + weight * y * y
      dy = weight * q.v * 2 * y
    end
    local dz = (apart and dh or dh + dy) * (1 - a * a) + (apart and dy or 0)
    g.w = g.w + dz * step[i - 1].h
    g.b = g.b + dz * x(i)
    dh = dz * q.w + (apart and 0.5 * dh or 0)
  end
  for name, x in pairs(g) do p[name] = p[name] - 0.1 * x end
  return loss, math.sqrt(g.w ^ 2 + g.b ^ 2 + g.v ^ 2)
end

-- Loss and norm of each update, one after the other.
local function train()
  local list, t = {}, 0
  p, step = { w = 0.7, b = 0.2, v = 1.5 }, { [0] = { h = 0.9 } }
  while t < T do
    local fresh = math.min(k1, T - t)
    t = t + fresh
    local loss, norm = update(t, fresh)
    if loss then list[#list + 1], list[#list + 2] = loss, norm end
  end
  return list
end

local trainings, failed, worst = 0, 0, 0
for line in io.lines(arg[1]) do
  local words = {}
  for word in line:gmatch("%S+") do words[#words + 1] = word end
  k1, k2, overlap, counted = tonumber(words[2]), tonumber(words[3]), words[4], words[5]
  reduce, T, apart, weighted = words[6], tonumber(words[7]), words[8] == "true", words[8] == "weighted"
  local expected, off = train(), 0
  for i, want in ipairs(expected) do
    local d = math.abs((tonumber(words[8 + i]) or 0 / 0) - want) / math.abs(want)
    off = d <= off and off or d -- NaN stays
  end
  trainings, worst = trainings + 1, math.max(worst, off)
  if #words ~= 8 + #expected or not (off <= 1e-10) then
    failed = failed + 1
    print(("FAILED: %s: %d updates, off by %.2e"):format(line:match("^.- %a+ %S+ %a+ "), (#words - 8) / 2, off))
  end
end
print(("%d trainings, the worst off by %.1e"):format(trainings, worst))
assert(trainings == tonumber(arg[2]), "there should be " .. arg[2])
os.exit(failed == 0 and 0 or 1)
