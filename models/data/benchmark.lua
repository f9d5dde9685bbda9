-- What the generators beside it share: random numbers, excitations, an integrator, CSV files. Lua 5.4 and LuaJIT
-- run it, and give the same numbers: products of whole numbers stay below 2^53.
local benchmark = {}

-- Park and Miller's generator with the multiplier 48271 ("Random number generators: good ones are hard to find",
-- 1988; the multiplier is that of their reply of 1993). A function that gives numbers between 0 and 1.
function benchmark.random(seed)
  local s = seed % 2147483646 + 1
  local function uniform()
    s = s * 48271 % 2147483647
    return s / 2147483647
  end
  for _ = 1, 10 do uniform() end -- neighbouring seeds begin alike
  return uniform
end

-- Normal, by Box and Muller.
function benchmark.normal(uniform)
  return math.sqrt(-2 * math.log(uniform())) * math.cos(2 * math.pi * uniform())
end

-- Random-phase multisine: o.period samples at o.rate Hz with all frequencies above o.low up to o.high Hz that fit
-- into the period (o.odd: the odd harmonics of them), each of one amplitude; its root mean square is o.rms. A list
-- that begins at time 0, with o.finer values a sample. Phases are multiples of the list's step, so one table of a
-- cosine holds all that is needed.
function benchmark.multisine(uniform, o)
  local n = o.period * o.finer
  local wave, list, lines = {}, {}, {}
  for i = 0, n - 1 do wave[i] = math.cos(2 * math.pi * i / n) end
  for k = math.ceil(o.low * o.period / o.rate), math.floor(o.high * o.period / o.rate) do
    if k > 0 and not (o.odd and k % 2 == 0) then
      lines[#lines + 1] = { k = k, phase = math.floor(uniform() * n) }
    end
  end
  local amplitude = o.rms * math.sqrt(2 / #lines)
  for j = 1, n do list[j] = 0 end
  for _, line in ipairs(lines) do
    local at, k = line.phase, line.k
    for j = 1, n do
      list[j] = list[j] + amplitude * wave[at]
      at = at + k
      if at >= n then at = at - n end
    end
  end
  return list
end

-- One step of the classical Runge-Kutta method: x' = f(x, u), with the input at the step's beginning, middle, end.
function benchmark.rk4(f, x, h, u0, u1, u2)
  local function moved(k, by)
    local y = {}
    for i = 1, #x do y[i] = x[i] + by * k[i] end
    return y
  end
  local a = f(x, u0)
  local b = f(moved(a, h / 2), u1)
  local c = f(moved(b, h / 2), u1)
  local d = f(moved(c, h), u2)
  local y = {}
  for i = 1, #x do y[i] = x[i] + h / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]) end
  return y
end

-- The record of a system x' = f(x, u) from the state x: o.output of it (1: the first) at the o.rate of its samples,
-- integrated in o.finer / 2 steps a sample of an input with o.finer values a sample.
function benchmark.simulate(f, x, u, o)
  local record, steps, n = { u = {}, y = {} }, o.finer / 2, #u
  local h = 1 / (o.rate * steps)
  for t = 0, n / o.finer - 1 do
    record.u[t + 1], record.y[t + 1] = u[t * o.finer + 1], x[o.output]
    for i = 0, steps - 1 do
      local at = t * o.finer + 2 * i + 1
      x = benchmark.rk4(f, x, h, u[at], u[at + 1], u[(at + 1) % n + 1])
    end
  end
  return record
end

-- Adds white noise, `decibels` below the record's deviations from its mean.
function benchmark.add_noise(uniform, y, decibels)
  local mean, square = 0, 0
  for _, v in ipairs(y) do mean = mean + v / #y end
  for _, v in ipairs(y) do square = square + (v - mean) ^ 2 / #y end
  local sd = math.sqrt(square) * 10 ^ (-decibels / 20)
  for t = 1, #y do y[t] = y[t] + sd * benchmark.normal(uniform) end
end

-- Columns t (seconds), u, y.
function benchmark.write(path, record, rate)
  local out = assert(io.open(path, "w"))
  out:write("t,u,y\n")
  for t = 1, #record.u do out:write(string.format("%.7g,%.7g,%.7g\n", (t - 1) / rate, record.u[t], record.y[t])) end
  assert(out:close())
end

-- `luajit models/data/NAME.lua [DIR [SEED]]` writes DIR/NAME-train.csv and DIR/NAME-test.csv. make(seed, which) gives
-- the record, which is "train" or "test".
function benchmark.run(name, rate, make)
  local dir, seed = arg[1] or ".", tonumber(arg[2] or 1)
  if not seed or seed < 0 or seed % 1 ~= 0 then error("the seed is a whole number, not " .. arg[2], 0) end
  for i, which in ipairs { "train", "test" } do
    benchmark.write(dir .. "/" .. name .. "-" .. which .. ".csv", make(benchmark.random(2 * seed + i), which), rate)
  end
end

return benchmark
