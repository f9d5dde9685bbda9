-- generate.lua FIRST COUNT DIR: writes DIR/seed_N.lua, a random spec, for N = FIRST .. FIRST+COUNT-1, and
-- beside it seed_N.data, what tests/tools/tensors.c makes its training data of (absent where the model
-- needs none), and seed_N.sh, what run.sh must know. The same seed gives the same bytes.
package.path = arg[0]:gsub("[^/]*$", "") .. "?.lua;" .. package.path
local new_draw = require "draw"
local model = require "model"
local data_of = require "data"

local function write(path, text)
  local f = assert(io.open(path, "wb"))
  assert(f:write(text))
  assert(f:close())
end

-- Which of the two further compilations a seed gets, if any.
local function extra(draw) return draw:pick { "", "", "f32", "without" } end

local function case(seed, directory)
  local draw, beside = new_draw(seed), new_draw(seed + 1000003) -- what is beside moves nothing that is drawn after it
  local m = model.new(draw, seed, os.getenv("HEADS") == "1", beside)
  local data, steps = data_of(draw, m, beside)
  local path = ("%s/seed_%d"):format(directory, seed)
  write(path .. ".lua", ("-- Random spec %d.\n%s"):format(seed, m.text))
  if data then write(path .. ".data", data) end
  write(path .. ".sh", ("smooth=%d head=%d extra=%s train='%s'\n"):format(m.smooth and 1 or 0, m.head and 1 or 0, extra(draw),
    data and ("--epochs %d --valid %s --seed %d"):format(draw:upto(2), m.head and "0" or draw:pick { "0", "0.2" }, seed)
    or ("--steps %d --seed %d"):format(math.floor(steps / m.tbptt.k1) + 1, seed)))
end

local first, count = tonumber(arg[1]), tonumber(arg[2])
assert(first and count and arg[3], "usage: generate.lua FIRST COUNT DIR")
for seed = first, first + count - 1 do case(seed, arg[3]) end
