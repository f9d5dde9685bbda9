-- luajit reference.lua K1 K2 OVERLAP LOSS REDUCE T LOG APART: trains the cell of cell.lua by the definition, step
-- by step in a rolled loop with the chain rule written out, and compares loss and gradient norm of every
-- update with those in LOG. Nothing here is shared with the compiler or the runtime.
local k1, k2, overlap, counted, reduce, T, log = tonumber(arg[1]), tonumber(arg[2]), arg[3], arg[4], arg[5],
  tonumber(arg[6]), arg[7]
local apart = arg[8] == "true"

local function tanh(x) return 1 - 2 / (math.exp(2 * x) + 1) end

local p = { w = 0.7, b = 0.2, v = 1.5 }
-- the input, as in the table that the test writes
local function x(t) return (t * 7 % 5 - 2) / 4 end

local function copy() return { w = p.w, b = p.b, v = p.v } end

-- step[t]: what step t computed, and with which parameters; y is what the loss is the square of
local step = { [0] = { h = 0.9 } }
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
  local weight = reduce == "mean" and 1 / (t - from + 1) or 1
  local g, dh, loss = { w = 0, b = 0, v = 0 }, 0, 0
  for i = t, first, -1 do
    local q = overlap == "versions" and step[i].p or p -- going back with these weights
    local a, y, dy = step[i].a, step[i].y, 0
    if i >= from then
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

local expected, t = {}, 0
while t < T do
  local fresh = math.min(k1, T - t)
  t = t + fresh
  local loss, norm = update(t, fresh)
  expected[#expected + 1] = { loss, norm }
end

local row, worst = 0, 0
local names
for line in io.lines(log) do
  local cells = {}
  for cell in line:gmatch("[^,]+") do cells[#cells + 1] = cell end
  if not names then
    names = {}
    for i, name in ipairs(cells) do names[name] = i end
    assert(names.loss and names.grad_norm, "the log's columns are " .. line)
  else
    row = row + 1
    local want = assert(expected[row], "more updates than there should be")
    for i, name in ipairs { "loss", "grad_norm" } do
      local got = tonumber(cells[names[name]])
      worst = math.max(worst, math.abs(got - want[i]) / math.abs(want[i]))
      assert(got == got, "NaN")
    end
  end
end
assert(row == #expected, row .. " updates in the log, there should be " .. #expected)
if not (worst <= 1e-10) then
  print(("k1 = %d, k2 = %d, %s, %s, %s, T = %d: off by %.2e"):format(k1, k2, overlap, counted, reduce, T, worst))
  os.exit(1)
end
