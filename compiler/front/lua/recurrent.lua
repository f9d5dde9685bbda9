-- recurrent.lua: layers of a cell, and the cells of PyTorch that are one formula: nn.rnn, nn.gru. Names,
-- shapes, gate order and first values of parameters are PyTorch's.
local core, env, lib = ...
local tanh, sigmoid, relu, split, dropout = env.tanh, env.sigmoid, env.relu, env.split, env.dropout
local param, uniform = env.param, env.uniform
local format, nn = string.format, lib.nn

local MOST = 2 ^ 24

local function below_1(v) return v >= 0 and v < 1 end

-- A probability, or nothing but a number that could be one.
function lib.rate(v, what) return lib.number(v, what, below_1, "a number from 0, and below 1") end

-- The sizes that every recurrent module begins with.
function lib.check_sizes(what, input, hidden)
  lib.whole(input, what .. ": the input size", 1, MOST)
  lib.whole(hidden, what .. ": the hidden size", 1, MOST)
end

local function take_layers(what, options)
  local layers = lib.whole(options.layers, what .. ": layers", 1, 64)
  local rate = lib.rate(options.dropout, what .. ": dropout")
  if rate > 0 and layers == 1 then
    lib.fail("%s: dropout is between layers, and there is one; dropout(h, %s) in the step drops its output",
      what, lib.number_text(rate))
  end
  return layers, rate
end

-- The parameters of a layer by their names in the cell.
local function of_layer(p, names, key)
  local w = {}
  for name in next, names do w[name] = p[name .. "_" .. key] end
  return w
end

-- A module of layers of a cell, which has
--   params(inputs)  what a layer that reads `inputs` numbers has: weight_ih for the model's weight_ih_l0, ...
--   state           shapes by name
--   output          the size of its output, which the next layer reads
--   step(w, x, s)   its output and the new state
function lib.recurrent(what, input, options, cell)
  local layers, rate = take_layers(what, options)
  local params, state, names = {}, {}, cell.params(input)
  for l = 0, layers - 1 do
    local key = format("l%d", l)
    for name, v in next, l == 0 and names or cell.params(cell.output) do params[name .. "_" .. key] = v end
    state[key] = cell.state
  end
  local function step(p, x, s)
    if layers == 1 then return cell.step(of_layer(p, names, "l0"), x, s) end
    local new = {}
    for l = 0, layers - 1 do
      local key = format("l%d", l)
      if l > 0 and rate > 0 then x = dropout(x, rate) end
      x, new[key] = cell.step(of_layer(p, names, key), x, s[key])
    end
    return x, new
  end
  return lib.layer { params = params, state = layers == 1 and state.l0 or state, step = step }
end

-- `gates` blocks of `hidden` rows for x, as many for h, and their biases.
function lib.gate_params(gates, inputs, hidden, bias)
  local first, rows = uniform(1 / math.sqrt(hidden)), gates * hidden
  return {
    weight_ih = param({ rows, inputs }, first), weight_hh = param({ rows, hidden }, first),
    bias_ih = bias and param({ rows }, first) or nil, bias_hh = bias and param({ rows }, first) or nil,
  }
end

-- The affine maps W_ih x + b_ih and W_hh h + b_hh.
local function maps(w, x, h)
  local a, b = w.weight_ih(x), w.weight_hh(h)
  if not w.bias_ih then return a, b end
  return a + w.bias_ih, b + w.bias_hh
end
lib.maps = maps

local function pytorch(what, gates, input, hidden, options, step)
  lib.check_sizes(what, input, hidden)
  local bias = lib.flag(options.bias, what .. ": bias")
  return lib.recurrent(what, input, options, {
    params = function(inputs) return lib.gate_params(gates, inputs, hidden, bias) end,
    state = { h = { hidden } }, output = hidden, step = step,
  })
end

-- h' = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990)
function nn.rnn(input, hidden, options)
  local f = lib.word(options.nonlinearity, "nn.rnn: nonlinearity", { "tanh", "relu" })
  local activation = f == "tanh" and tanh or relu
  return pytorch("nn.rnn", 1, input, hidden, options, function(w, x, s)
    local a, b = maps(w, x, s.h)
    local h = activation(a + b)
    return h, { h = h }
  end)
end

-- r, z, n; h' = (1 - z) n + z h (Cho et al., 2014), with b_hn inside the product with r as in cuDNN
function nn.gru(input, hidden, options)
  return pytorch("nn.gru", 3, input, hidden, options, function(w, x, s)
    local a, b = maps(w, x, s.h)
    local ar, az, an = split(a, 3)
    local br, bz, bn = split(b, 3)
    local r, z = sigmoid(ar + br), sigmoid(az + bz)
    local n = tanh(an + r * bn)
    local h = (1 - z) * n + z * s.h
    return h, { h = h }
  end)
end
