-- luajit losses.lua CASE REDUCE: loss and gradient of tests/defined/losses.lua by the formulas of
-- torch.nn.functional, written for one element at a time: mse_loss, l1_loss, huber_loss, that of quantiles beside them,
-- binary_cross_entropy_with_logits and cross_entropy with weight, label_smoothing and ignore_index. Over the
-- steps the losses are added, or divided by the number of steps (not by the weights of their classes).
local case, reduce = ...
local inputs = { { 0.5, -1.2, 2 }, { 1.5, 0.3, -0.7 }, { -2, 0.1, 0.8 }, { 0, 1, -1.5 } }
local targets = { { 0.2, 0.9, 0 }, { 1, 0, 0.6 }, { 0.3, 0.1, 1 }, { 0.7, 0.5, 0.25 } }
local tokens = { 2, 0, 1, 2 }
local exp, log, abs = math.exp, math.log, math.abs

-- Each returns the loss of an element and its derivative by y.
local function mse(y, t) return (y - t) ^ 2, 2 * (y - t) end
local function mae(y, t) return abs(y - t), y > t and 1 or y < t and -1 or 0 end
local function huber(delta)
  return function(y, t)
    local d = y - t
    if abs(d) <= delta then return d * d / 2, d end
    return delta * (abs(d) - delta / 2), d > 0 and delta or -delta
  end
end
local function bce(weights, positive)
  return function(y, t, i)
    local s = 1 / (1 + exp(-y))
    return -weights[i] * (positive * t * log(s) + (1 - t) * log(1 - s)),
      -weights[i] * (positive * t * (1 - s) - (1 - t) * s)
  end
end

-- Of the i-th level, and of the target's first element where there are several.
local function quantile(levels)
  return function(y, t, i, first)
    local q, e = levels[i] or levels[1], (#levels > 1 and first or t) - y
    return e > 0 and q * e or (q - 1) * e, e > 0 and -q or e < 0 and 1 - q or 0.5 - q
  end
end

local elements = {
  quantile = { quantile { 0.3 }, 3 }, quantile_sum = { quantile { 0.85 }, 1 }, quantile_all = { quantile { 0.1, 0.5, 0.95 }, 3 },
  mse = { mse, 3 }, mse_sum = { mse, 1 }, mae = { mae, 3 }, mae_sum = { mae, 1 },
  huber = { huber(1), 3 }, huber_delta = { huber(0.4), 3 }, huber_wide = { huber(2.5), 1 },
  bce = { bce({ 1, 1, 1 }, 1), 3 }, bce_weight = { bce({ 0.7, 0.7, 0.7 }, 1), 3 },
  bce_weights = { bce({ 2, 0, 0.5 }, 1), 1 }, bce_positive = { bce({ 2, 0, 0.5 }, 3), 3 },
}
local one, weights = { 1, 1, 1 }, { 0.5, 2, 3 }
local classes = {
  class = { one, 0, -1 }, class_weight = { weights, 0, -1 }, class_smooth = { one, 0.2, -1 },
  class_both = { weights, 0.2, -1 }, class_ignore = { one, 0, 1 }, class_all = { weights, 0.2, 2 },
}

local loss, gradient = 0, { 0, 0, 0 }
local function add(value, slopes, x)
  loss = loss + value
  for i = 1, 3 do gradient[i] = gradient[i] + slopes[i] * x[i] end
end

-- q[k] is how much -log p[k] counts.
local function add_class(w, e, ignore, y, token)
  if token == ignore then return end
  local q, p, z, all = {}, {}, 0, 0
  for k = 1, 3 do
    q[k] = e / 3 * w[k] + (k == token + 1 and (1 - e) * w[k] or 0)
    p[k], z, all = exp(y[k]), z + exp(y[k]), all + q[k]
  end
  local value, slopes = 0, {}
  for k = 1, 3 do value, slopes[k] = value - q[k] * log(p[k] / z), all * p[k] / z - q[k] end
  add(value, slopes, y)
end

local function add_elements(f, divisor, y, t)
  for i = 1, 3 do
    local value, slope = f(y[i], t[i], i, t[1])
    local slopes = { 0, 0, 0 }
    slopes[i] = slope / divisor
    add(value / divisor, slopes, y)
  end
end

for step = 1, 4 do
  if classes[case] then
    add_class(classes[case][1], classes[case][2], classes[case][3], inputs[step], tokens[step])
  else
    add_elements(elements[case][1], elements[case][2], inputs[step], targets[step])
  end
end
local steps = reduce == "mean" and 4 or 1
for _, v in ipairs { loss, gradient[1], gradient[2], gradient[3] } do
  print(string.format("%.17g", v / steps))
end
