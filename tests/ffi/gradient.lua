-- luajit gradient.lua DIR NAME: runs DIR/libNAME.so (f64) through its binding, and checks the gradient
-- along a direction by the central difference of the loss, a mean over the steps that have one.
local dir, name = arg[1], arg[2]
local M = dofile(dir .. "/" .. name .. "_ffi.lua")
local model, b = M.load(dir .. "/lib" .. name .. ".so"), M.buffers()
assert(M.real == "double", "build it with --precision f64")

local rows = M.k2 * M.batch
local function fill(list, fields)
  for f, field in ipairs(fields) do
    local n = rows
    for _, d in ipairs(field.shape) do n = n * d end
    for i = 0, n - 1 do list[f][i] = field.vocab > 0 and (7 * i) % field.vocab or math.sin(i + f) end
  end
end
fill(b.input, M.inputs)
fill(b.target, M.targets)

local function loss(h)
  for i = 0, M.param_size - 1 do b.params[i] = 0.2 * math.sin(i) + h * math.cos(3 * i) end
  model.window(b.window)
  local sum = 0
  for i = 0, rows - 1 do
    if b.weight[i] ~= 0 then sum = sum + b.weight[i] * b.losses[i] end
  end
  return sum
end

local weights = 0
for i = 0, rows - 1 do
  weights = weights + b.weight[i]
  b.losses[i] = 0 / 0
end
assert(math.abs(weights - 1) < 1e-12, "the weights are not those of a mean")
loss(0)
for i = 0, rows - 1 do
  assert((b.weight[i] ~= 0) == (b.losses[i] == b.losses[i]), "steps are weighed that have no loss, or the other way round")
end

local slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
loss(0)
local along, norm = 0, 0
for _, p in ipairs(M.params) do
  local n = 1
  for _, d in ipairs(p.shape) do n = n * d end
  for j = 0, n - 1 do
    local i = M.at(p, j)
    along = along + b.grads[i] * math.cos(3 * i)
    norm = norm + b.grads[i] ^ 2
  end
end
local ratio = math.abs(slope - along) / math.sqrt(norm)
print(string.format("%s: slope %.9g, gradient %.9g, ratio %.2e", name, slope, along, ratio))
assert(norm > 0 and ratio <= 1e-7, "they differ")
