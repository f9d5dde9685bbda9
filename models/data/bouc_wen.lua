-- The Bouc-Wen oscillator, a mass with hysteresis: luajit models/data/bouc_wen.lua [DIR [SEED]] writes
-- bouc_wen-train.csv, bouc_wen-test.csv.
--
-- J. P. Noël & M. Schoukens, "Hysteretic benchmark with a dynamic nonlinearity", Workshop on Nonlinear System
-- Identification Benchmarks, 2016:
--
--     m y'' + c y' + k y + z = u
--     z' = alpha y' - beta (gamma |y'| |z|^(nu - 1) z + delta y' |z|^nu)
--
-- with the constants below, sampled at 750 Hz, integrated at 15 kHz (there by Newmark's method). The force z is never
-- measured. Records have 2048 samples (there 8192) and begin at rest: random-phase multisines of 50 N root mean square
-- from 5 to 150 Hz, to test another than to train on. 40 dB from signal to noise in what is trained on, none in the
-- test. u is in newtons; y, there in metres, in millimetres.
package.path = (arg[0]:match("^.*/") or "./") .. "?.lua;" .. package.path
local benchmark = require "benchmark"

local rate, finer = 750, 40
local m, c, k = 2, 10, 5e4                                       -- kg, N s/m, N/m
local alpha, beta, gamma, delta, nu = 5e4, 1e3, 0.8, -1.1, 1

local function oscillator(x, u)
  local y, v, z = x[1], x[2], x[3]
  local size = math.abs(z)
  local power = nu == 1 and 1 or size ^ (nu - 1)
  local bent = beta * (gamma * math.abs(v) * power * z + delta * v * power * size)
  return { v, (u - c * v - k * y - z) / m, alpha * v - bent }
end

benchmark.run("bouc_wen", rate, function(uniform, which)
  local u = benchmark.multisine(uniform, { period = 2048, rate = rate, low = 5, high = 150, rms = 50, finer = finer })
  local record = benchmark.simulate(oscillator, { 0, 0, 0 }, u, { rate = rate, finer = finer, output = 1 })
  for t = 1, #record.y do record.y[t] = 1000 * record.y[t] end
  if which == "train" then benchmark.add_noise(uniform, record.y, 40) end
  return record
end)
