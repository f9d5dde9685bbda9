-- luajit alike.lua DIR - did two trainings end alike? Loss and norm of the gradient of every update in
-- DIR/generated.csv and DIR/interpreter.csv, every tensor of the checkpoints but the optimizer's and the
-- frames, of which each engine has its own.
--
-- 1e-10 is what rounding of 1e-16 becomes over some updates, each of which may divide by a small norm.
-- Tensors are allowed 1e-8: where a gradient is 0 but for rounding, adam and rmsprop divide it by its
-- own size, or by 1e-8. What begins at 0 is measured against 1e-3.
local ffi = require "ffi"
local directory, bad = assert(arg[1], "usage: alike.lua DIR"), 0

local function complain(...)
  bad = bad + 1
  print(string.format(...))
end

local function read(name)
  local f = assert(io.open(directory .. "/" .. name, "rb"))
  local text = f:read("*a")
  f:close()
  return text
end

-- ---- the logs ----

local function rows(name)
  local list = {}
  for line in read(name):gmatch("[^\n]+") do
    local row = {}
    for cell in (line .. ","):gmatch("([^,]*),") do row[#row + 1] = cell end
    list[#list + 1] = row
  end
  return list
end

local function near(a, b)
  local x, y = tonumber(a), tonumber(b)
  return a == b or (x and y and math.abs(x - y) <= 1e-10 * (math.abs(y) + 1e-3))
end

local got, want = rows("generated.csv"), rows("interpreter.csv")
if #got ~= #want or #want < 2 then complain("%d updates by generated code, %d by the interpreter", #got - 1, #want - 1) end
for i = 2, math.min(#got, #want) do
  for j, column in ipairs(want[1]) do
    if not near(got[i][j], want[i][j]) then
      complain("update %s: %s is %s by generated code, %s by the interpreter", want[i][1], column,
        tostring(got[i][j]), want[i][j])
    end
  end
end

-- ---- the checkpoints ----

-- name -> its doubles, of a safetensors file: the header's length in 8 bytes, the header, the numbers.
local function tensors(name)
  local text = read(name)
  local size = tonumber(ffi.cast("const uint64_t *", text)[0])
  local list = {}
  for tensor, fields in text:sub(9, 8 + size):gmatch('"([%w_.]+)":(%b{})') do
    local from, to = fields:match('"data_offsets":%[(%d+),(%d+)%]')
    if fields:find('"F64"', 1, true) then
      local bytes = text:sub(9 + size + from, 8 + size + to)
      list[tensor] = { bytes = bytes, n = #bytes / 8, at = ffi.cast("const double *", bytes) }
    end
  end
  return list
end

local a, b, compared = tensors("generated.safetensors"), tensors("interpreter.safetensors"), 0
for name, y in pairs(b) do
  local x = a[name]
  if not name:find("^optim%.") and name ~= "kept.frames" then
    local difference, norm = 0, 0
    for i = 0, y.n - 1 do
      difference, norm = difference + (x.at[i] - y.at[i]) ^ 2, norm + y.at[i] ^ 2
    end
    if not (math.sqrt(difference) <= 1e-8 * (math.sqrt(norm) + 1e-3)) then
      complain("%s: off by %.2e of %.2e", name, math.sqrt(difference), math.sqrt(norm))
    end
    compared = compared + 1
  end
end
if compared == 0 then complain("the checkpoint has no tensors") end
os.exit(bad == 0 and 0 or 1)
