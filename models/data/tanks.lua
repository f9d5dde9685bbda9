-- Two cascaded tanks with overflow: luajit models/data/tanks.lua [DIR [SEED]] writes tanks-train.csv, tanks-test.csv.
--
-- M. Schoukens, P. Mattsson, T. Wigren & J. P. Noël, "Cascaded tanks benchmark combining soft and hard
-- nonlinearities", Workshop on Nonlinear System Identification Benchmarks, 2016. A pump lifts water from a reservoir
-- into the upper tank; from there it flows into the lower one, and from that back:
--
--     x1' = -k1 sqrt(x1) + k4 u
--     x2' =  k2 sqrt(x1) - k3 sqrt(x2),    y = x2 + e
--
-- with the pump's voltage u. Above 10 the upper tank overflows, and a part of that goes into the lower one; the lower
-- one overflows at 10 as well. Samples, as there: 1024 in each record, one every 4 s; a multisine from 0 to 0.0144 Hz;
-- 40 dB from signal to noise; the same initial state, which the model is not told. The constants below are ours and
-- not the real tanks', chosen so that levels and overflow look like the measured ones.
package.path = (arg[0]:match("^.*/") or "./") .. "?.lua;" .. package.path
local benchmark = require "benchmark"

local rate, finer = 1 / 4, 80 -- integrated in steps of 0.1 s
local k1, k2, k3, k4 = 0.060, 0.050, 0.050, 0.050
local height, caught = 10, 0.4 -- of the tanks; the part of the upper one's overflow that the lower one catches

local function level(x) return math.sqrt(math.max(x, 0)) end

local function flow(x, u)
  local upper = k4 * u - k1 * level(x[1])
  local spilled = x[1] >= height and math.max(upper, 0) or 0
  local lower = k2 * level(x[1]) - k3 * level(x[2]) + caught * spilled
  return { upper - spilled, x[2] >= height and math.min(lower, 0) or lower }
end

-- The pump holds its voltage from sample to sample.
local function held(u)
  local list = {}
  for t = 1, #u do
    for i = 1, finer do list[(t - 1) * finer + i] = math.max(u[t], 0) end
  end
  return list
end

benchmark.run("tanks", rate, function(uniform, _)
  local u = benchmark.multisine(uniform, { period = 1024, rate = rate, low = 0, high = 0.0144, rms = 1.7, finer = 1 })
  for t = 1, #u do u[t] = u[t] + 3.3 end
  local record = benchmark.simulate(flow, { 5, 5 }, held(u), { rate = rate, finer = finer, output = 2 })
  benchmark.add_noise(uniform, record.y, 40)
  return record
end)
