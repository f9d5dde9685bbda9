-- cells.lua: recurrent cells that PyTorch does not have: nn.mgu, nn.mingru, nn.indrnn, nn.ctrnn, nn.clockwork.
-- Parameters are named as PyTorch would, weight_ih for what reads x, weight_hh for what reads h, and one bias.
local core, env, lib = ...
local tanh, sigmoid, relu, split, reshape = env.tanh, env.sigmoid, env.relu, env.split, env.reshape
local param, uniform = env.param, env.uniform
local nn = lib.nn

local function above_0(v) return v > 0 end

-- a + the cell's bias, if it has one.
local function biased(w, a) return w.bias and a + w.bias or a end

-- A module whose state is h {hidden} and what else `state` says. params(inputs) says nothing of the bias, which
-- has `rows` elements.
local function made(what, input, hidden, options, cell)
  lib.check_sizes(what, input, hidden)
  local bias = lib.flag(options.bias, what .. ": bias")
  local state = cell.state or {}
  state.h = { hidden }
  return lib.recurrent(what, input, options, {
    params = function(inputs)
      local p = cell.params(inputs)
      p.bias = bias and param({ cell.rows }, uniform(cell.bound(inputs))) or nil
      return p
    end,
    state = state, output = hidden, step = cell.step,
  })
end

-- The bound of first values in PyTorch's recurrent layers, and in its linear ones.
local function by_hidden(hidden) return function() return 1 / math.sqrt(hidden) end end
local function by_inputs(inputs) return 1 / math.sqrt(inputs) end

-- The minimal gated unit: G.-B. Zhou, J. Wu, C.-L. Zhang & Z.-H. Zhou, "Minimal gated unit for recurrent neural
-- networks", 2016.
--
--   f  = sigmoid(W_f x + U_f h + b_f)
--   n  = tanh(W_n x + U_n (f h) + b_n)
--   h' = (1 - f) h + f n                    blocks of rows: f, n
function nn.mgu(input, hidden, options)
  local bound = by_hidden(hidden)
  local function params(inputs)
    local first = uniform(bound())
    return { weight_ih = param({ 2 * hidden, inputs }, first), weight_hh = param({ 2 * hidden, hidden }, first) }
  end
  local function step(w, x, s)
    local af, an = split(biased(w, w.weight_ih(x)), 2)
    local uf, un = split(w.weight_hh, 2, 1)
    local f = sigmoid(af + uf(s.h))
    local n = tanh(an + un(f * s.h))
    local h = (1 - f) * s.h + f * n
    return h, { h = h }
  end
  return made("nn.mgu", input, hidden, options, { params = params, step = step, rows = 2 * hidden, bound = bound })
end

-- The minimal GRU: L. Feng, F. Tung, M. O. Ahmed, Y. Bengio & H. Hajimirsadeghi, "Were RNNs all we needed?", 2024.
--
--   z  = sigmoid(W_z x + b_z)
--   h' = (1 - z) h + z (W_n x + b_n)        blocks of rows: z, n
function nn.mingru(input, hidden, options)
  local function params(inputs) return { weight_ih = param({ 2 * hidden, inputs }, uniform(by_inputs(inputs))) } end
  local function step(w, x, s)
    local az, n = split(biased(w, w.weight_ih(x)), 2)
    local z = sigmoid(az)
    local h = (1 - z) * s.h + z * n
    return h, { h = h }
  end
  return made("nn.mingru", input, hidden, options,
    { params = params, step = step, rows = 2 * hidden, bound = by_inputs })
end

-- ---- independent units ----

-- Evenly from 0 to `most`, where the paper draws them.
local function spread(n, most)
  local list = {}
  for j = 1, n do list[j] = most * (j - 0.5) / n end
  return list
end

-- S. Li, W. Li, C. Cook, C. Zhu & Y. Gao, "Independently recurrent neural network (IndRNN)", 2018: each unit sees of
-- the state itself alone.
--
--   h' = relu(W x + u h + b),    |u| <= bound after every update
--
-- With more than 1 a stream that does not end can grow without end; the paper lets T steps grow by two, 2^(1/T).
function nn.indrnn(input, hidden, options)
  local what = "nn.indrnn"
  local f = lib.word(options.nonlinearity, what .. ": nonlinearity", { "relu", "tanh" })
  local bound = lib.number(options.bound, what .. ": bound", above_0, "a number above 0")
  local activation = f == "relu" and relu or tanh
  local function params(inputs)
    return {
      weight_ih = param({ hidden, inputs }, uniform(by_inputs(inputs))),
      weight_hh = param({ hidden }, spread(hidden, math.min(bound, 1)), { constrain = { min = -bound, max = bound } }),
    }
  end
  local function step(w, x, s)
    local h = activation(biased(w, w.weight_ih(x)) + w.weight_hh * s.h)
    return h, { h = h }
  end
  return made(what, input, hidden, options, { params = params, step = step, rows = hidden, bound = by_inputs })
end

-- ---- continuous time ----

-- Time constants: a number, or a list of one for each unit. A learned one is dt + e^log_tau, so above dt.
local function check_tau(v, what, dt, learned)
  return lib.number(v, what, function(tau) return tau > dt or (tau == dt and not learned) end,
    string.format("a number %s dt = %s, beyond which Euler's step would carry it", learned and "above" or "from",
      lib.number_text(dt)))
end

local function take_tau(tau, what, hidden, dt, learned)
  if type(tau) ~= "table" or core.is_node(tau) or lib.kinds[tau] then return check_tau(tau, what, dt, learned) end
  lib.check_list(tau, what)
  if #tau ~= hidden then
    lib.fail("%s is a list of %d; it must be a number, or a list of %d, one for each unit", what, #tau, hidden)
  end
  local list = {}
  for i = 1, hidden do list[i] = check_tau(tau[i], string.format("%s[%d]", what, i), dt, learned) end
  return list
end

-- f of a number or of each of a list.
local function each(v, f)
  if type(v) == "number" then return f(v) end
  local list = {}
  for i = 1, #v do list[i] = f(v[i]) end
  return list
end

-- A continuous-time network by Euler's steps of dt: K. Funahashi & Y. Nakamura, "Approximation of dynamical systems by
-- continuous time recurrent neural networks", 1993; R. D. Beer, "On the dynamics of small continuous-time recurrent
-- neural networks", 1995.
--
--   tau dh/dt = -h + W_ih x + W_hh f(h + b),    output f(h + b)
--
-- dt / tau is sigmoid(log dt - log_tau), so that no step of the optimizer makes Euler's unstable.
function nn.ctrnn(input, hidden, options)
  local what = "nn.ctrnn"
  lib.check_sizes(what, input, hidden)
  local f = lib.word(options.nonlinearity, what .. ": nonlinearity", { "tanh", "sigmoid" })
  local dt = lib.number(options.dt, what .. ": dt", above_0, "a number above 0")
  local learned = lib.flag(options.train_tau, what .. ": train_tau")
  local tau = take_tau(options.tau, what .. ": tau", hidden, dt, learned)
  local activation, bound = f == "tanh" and tanh or sigmoid, by_hidden(hidden)
  local function params(inputs)
    local first = uniform(bound())
    return {
      weight_ih = param({ hidden, inputs }, first), weight_hh = param({ hidden, hidden }, first),
      log_tau = learned and param({ hidden }, each(tau, function(v) return math.log(v - dt) end)) or nil,
    }
  end
  local function rate(w)
    if learned then return sigmoid(math.log(dt) - w.log_tau) end
    return env.const(each(tau, function(v) return dt / v end))
  end
  local function step(w, x, s)
    local before = activation(biased(w, s.h))
    local h = s.h + rate(w) * (w.weight_ih(x) + w.weight_hh(before) - s.h)
    return activation(biased(w, h)), { h = h }
  end
  return made(what, input, hidden, options, { params = params, step = step, rows = hidden, bound = bound })
end

-- ---- clocks ----

-- Whole numbers, each larger than the one before, that divide the units into as many groups.
local function take_periods(t, what, hidden)
  if t == nil then t = { 1, 2, 4, 8 } end
  if type(t) ~= "table" or core.is_node(t) or lib.kinds[t] or #t == 0 then
    lib.fail("%s is %s; it must be a list of whole numbers, { 1, 2, 4, 8 }", what, lib.describe(t))
  end
  lib.check_list(t, what)
  for i = 1, #t do
    lib.whole(t[i], string.format("%s[%d]", what, i), i == 1 and 1 or t[i - 1] + 1, 2 ^ 23,
      "periods are in order, the fastest group first")
  end
  if hidden % #t ~= 0 then
    lib.fail("%s: %d units do not divide into %d equal groups, one for each period", what, hidden, #t)
  end
  return t
end

-- {g, 1, g, 1}: 1 where a group reads one that is as slow or slower.
local function slower_or_equal(g)
  local mask = {}
  for i = 1, g do
    for j = 1, g do mask[#mask + 1] = j >= i and 1 or 0 end
  end
  return core.numbers(mask, { g, 1, g, 1 })
end

-- J. Koutnik, K. Greff, F. Gomez & J. Schmidhuber, "A clockwork RNN", 2014: groups of units, each of which moves at
-- every so manieth step alone, by x, itself and the slower groups.
--
--   h'_i = tanh(W_i x + sum over j >= i of U_ij h_j + b_i) where the step's number is a multiple of period i, else h_i
--
-- `phase` counts the steps since group i moved, so that it starts anew with a sequence, lane by lane.
function nn.clockwork(input, hidden, options)
  local what = "nn.clockwork"
  lib.check_sizes(what, input, hidden)
  local periods = take_periods(options.periods, what .. ": periods", hidden)
  local g, bound = #periods, by_hidden(hidden)
  local n = hidden / g
  local function params(inputs)
    local first = uniform(bound())
    return { weight_ih = param({ hidden, inputs }, first), weight_hh = param({ hidden, hidden }, first) }
  end
  local function step(w, x, s)
    local u = reshape(reshape(w.weight_hh, { g, n, g, n }) * slower_or_equal(g), { hidden, hidden })
    local moved = tanh(biased(w, w.weight_ih(x)) + u(s.h))
    local due, passed = reshape(env.lt(s.phase, 1), { g, 1 }), s.phase + 1
    local h = reshape(env.where(due, reshape(moved, { g, n }), reshape(s.h, { g, n })), { hidden })
    return h, { h = h, phase = env.where(env.ge(passed, env.const(periods)), 0, passed) }
  end
  return made(what, input, hidden, options,
    { params = params, step = step, rows = hidden, bound = bound, state = { phase = { g } } })
end
