-- A Duffing oscillator like the Silverbox: luajit models/data/silverbox.lua [DIR [SEED]] writes silverbox-train.csv,
-- silverbox-test.csv.
--
-- T. Wigren & J. Schoukens, "Three free data sets for development and benchmarking in nonlinear system
-- identification", European Control Conference, 2013: an electronic circuit that behaves as a mass on a spring that
-- hardens,
--
--     m y'' + d y' + k1 y + k3 y^3 = u
--
-- sampled at 10^7 / 2^14 = 610.35 Hz. Divided by k1, with w = sqrt(k1 / m) and d = 2 zeta sqrt(k1 m), that is
-- y'' / w^2 + 2 zeta y' / w + y + (k3 / k1) y^3 = u / k1. The constants below are ours and not the circuit's, with
-- the resonance near 69 Hz. Records have 2048 samples and begin at rest. To train on: an odd multisine up to 200 Hz.
-- To test: the same band, growing from nothing to more than that (the "arrow"). 60 dB from signal to noise.
package.path = (arg[0]:match("^.*/") or "./") .. "?.lua;" .. package.path
local benchmark = require "benchmark"

local rate, finer = 1e7 / 2 ^ 14, 16 -- integrated in 8 steps a sample
local w, zeta, k1, k3 = 2 * math.pi * 68.6, 0.047, 1, 4 -- k3 in 1/V^2

local function oscillator(x, u)
  return { x[2], w * w * (u - k1 * x[1] - k3 * x[1] ^ 3) / k1 - 2 * zeta * w * x[2] }
end

benchmark.run("silverbox", rate, function(uniform, which)
  local arrow = which == "test"
  local u = benchmark.multisine(uniform, { period = 2048, rate = rate, low = 0, high = 200, rms = 0.045,
                                           odd = not arrow, finer = finer })
  for t = 1, arrow and #u or 0 do u[t] = 1.8 * u[t] * t / #u end
  local record = benchmark.simulate(oscillator, { 0, 0 }, u, { rate = rate, finer = finer, output = 1 })
  benchmark.add_noise(uniform, record.y, 60)
  return record
end)
