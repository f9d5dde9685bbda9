-- models/tanks.lua: two cascaded tanks with overflow by their physics, with a few numbers to learn (a grey box).
--
--   x1' = min(x1 - k1 sqrt(x1) + k4 u, 10)
--   x2' = min(x2 + k2 sqrt(x1) - k3 sqrt(x2) + k5 overflow, 10)     overflow: what the first min takes away
--   y   = x2
--
-- Torricelli's law, a step of Euler's method a sample: M. Schoukens, P. Mattsson, T. Wigren & J. P. Noël, "Cascaded
-- tanks benchmark combining soft and hard nonlinearities", 2016; models/data/tanks.lua has a record. Levels and voltage
-- are read as they stand, since the laws are about them. Below 0.01 a level counts as 0.01, where the root still has
-- a slope that is finite; the levels before the first sample are learned.
local low, height = 0.01, 10

local function level(x) return sqrt(max(x, low)) end

return model {
  input  = { u = real(1, { raw = true }) },
  target = { y = real(1, { raw = true }) },
  params = {
    k1 = param({ 1 }, 0.2), k2 = param({ 1 }, 0.2), k3 = param({ 1 }, 0.2), k4 = param({ 1 }, 0.2),
    k5 = param({ 1 }, 0.5, { constrain = { min = 0, max = 1 } }),
  },
  state  = { x1 = learned({ 1 }, 4), x2 = learned({ 1 }, 4) },
  step   = function(p, x, s)
    local x1 = s.x1 - p.k1 * level(s.x1) + p.k4 * x.u
    local overflow = max(x1 - height, 0)
    local x2 = s.x2 + p.k2 * level(s.x1) - p.k3 * level(s.x2) + p.k5 * overflow
    return { y = s.x2 }, { x1 = max(min(x1, height), 0), x2 = max(min(x2, height), 0) }
  end,
  loss   = mse,
  tbptt  = { k1 = 16, k2 = 48 },
  train  = { optimizer = adam { lr = 1e-3 }, schedule = cosine { floor = 0.05 }, clip_norm = 1 },
}
