-- nn.lua: the usual layers, each a module over the operations, as a user would write it. Names,
-- shapes, gate order and first values of parameters are PyTorch's.
local core, env, lib = ...
local tanh, sigmoid, relu, split, dropout = env.tanh, env.sigmoid, env.relu, env.split, env.dropout
local param, module, uniform = env.param, env.module, env.uniform
local fail, format = lib.fail, string.format

local nn = {}
local MOST = 2 ^ 24

local function size(v, what) return lib.whole(v, what, 1, MOST) end

local function flag(v, what, default)
  if v == nil then return default end
  if type(v) ~= "boolean" then fail("%s is %s; it must be true or false", what, lib.describe(v)) end
  return v
end

-- y = W x + b
function nn.linear(input, output, options)
  options = options or {}
  size(input, "nn.linear: the input size")
  size(output, "nn.linear: the output size")
  lib.check_fields(options, "nn.linear", { "bias" })
  local first = uniform(1 / math.sqrt(input))
  local params = { weight = param({ output, input }, first) }
  if flag(options.bias, "nn.linear: bias", true) then
    params.bias = param({ output }, first)
    return module { params = params, step = function(p, x) return p.weight(x) + p.bias end }
  end
  return module { params = params, step = function(p, x) return p.weight(x) end }
end

function nn.embedding(vocab, width)
  size(vocab, "nn.embedding: the number of tokens")
  size(width, "nn.embedding: the width")
  return module {
    params = { weight = param({ vocab, width }, env.normal(1)) },
    step = function(p, token) return env.embedding(p.weight, token) end,
  }
end

function nn.layer_norm(width)
  size(width, "nn.layer_norm: the width")
  return module {
    params = { weight = param({ width }, env.ones), bias = param({ width }, env.zeros) },
    step = function(p, x) return env.layer_norm(x, p.weight, p.bias) end,
  }
end

function nn.dropout(probability)
  lib.number(probability, "nn.dropout: the probability", function(v) return v >= 0 and v < 1 end,
    "a number from 0, and below 1")
  return module { step = function(_, x) return dropout(x, probability) end }
end

-- ---- recurrent layers ----

-- The affine maps of layer l: W_ih x + b_ih and W_hh h + b_hh.
local function maps(p, l, bias, x, h)
  local a, b = p["weight_ih_l" .. l](x), p["weight_hh_l" .. l](h)
  if not bias then return a, b end
  return a + p["bias_ih_l" .. l], b + p["bias_hh_l" .. l]
end

local function layer_state(names, hidden)
  local state = {}
  for i = 1, #names do state[names[i]] = { hidden } end
  return state
end

-- Layers of a cell: cell(p, l, bias, x, s) returns the new state of layer l, whose h is the layer's
-- output. `gates` blocks of rows in each weight; `names` of the state's parts.
local function recurrent(what, gates, names, cell, input, hidden, options, more_fields)
  options = options or {}
  size(input, what .. ": the input size")
  size(hidden, what .. ": the hidden size")
  lib.check_fields(options, what, { "layers", "dropout", "bias", more_fields })
  local layers = lib.whole(options.layers or 1, what .. ": layers", 1, 64)
  local rate = lib.number(options.dropout or 0, what .. ": dropout",
    function(v) return v >= 0 and v < 1 end,
    "a number from 0, and below 1")
  local bias = flag(options.bias, what .. ": bias", true)
  local first, params, state = uniform(1 / math.sqrt(hidden)), {}, {}
  for l = 0, layers - 1 do
    local suffix = format("_l%d", l)
    params["weight_ih" .. suffix] = param({ gates * hidden, l == 0 and input or hidden }, first)
    params["weight_hh" .. suffix] = param({ gates * hidden, hidden }, first)
    if bias then
      params["bias_ih" .. suffix] = param({ gates * hidden }, first)
      params["bias_hh" .. suffix] = param({ gates * hidden }, first)
    end
    state[format("l%d", l)] = layer_state(names, hidden)
  end
  local function step(p, x, s)
    if layers == 1 then
      local new = cell(p, "0", bias, x, s)
      return new.h, new
    end
    local new = {}
    for l = 0, layers - 1 do
      local key = format("l%d", l)
      if l > 0 and rate > 0 then x = dropout(x, rate) end
      new[key] = cell(p, format("%d", l), bias, x, s[key])
      x = new[key].h
    end
    return x, new
  end
  return module { params = params, state = layers == 1 and state.l0 or state, step = step }
end

-- h' = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990)
function nn.rnn(input, hidden, options)
  local f = options and type(options) == "table" and options.nonlinearity or "tanh"
  if f ~= "tanh" and f ~= "relu" then
    fail("nn.rnn: nonlinearity is %s; it must be 'tanh' or 'relu'", lib.describe(f))
  end
  local activation = f == "tanh" and tanh or relu
  local function cell(p, l, bias, x, s)
    local a, b = maps(p, l, bias, x, s.h)
    return { h = activation(a + b) }
  end
  return recurrent("nn.rnn", 1, { "h" }, cell, input, hidden, options, "nonlinearity")
end

-- i, f, g, o; c' = f c + i g; h' = o tanh(c') (Hochreiter & Schmidhuber, 1997; forget gate by Gers,
-- Schmidhuber & Cummins, 2000)
local function lstm_cell(p, l, bias, x, s)
  local a, b = maps(p, l, bias, x, s.h)
  local i, f, g, o = split(a + b, 4)
  local c = sigmoid(f) * s.c + sigmoid(i) * tanh(g)
  return { h = sigmoid(o) * tanh(c), c = c }
end

function nn.lstm(input, hidden, options)
  return recurrent("nn.lstm", 4, { "h", "c" }, lstm_cell, input, hidden, options)
end

-- r, z, n; h' = (1 - z) n + z h (Cho et al., 2014), with b_hn inside the product with r as in cuDNN
local function gru_cell(p, l, bias, x, s)
  local a, b = maps(p, l, bias, x, s.h)
  local ar, az, an = split(a, 3)
  local br, bz, bn = split(b, 3)
  local r, z = sigmoid(ar + br), sigmoid(az + bz)
  local n = tanh(an + r * bn)
  return { h = (1 - z) * n + z * s.h }
end

function nn.gru(input, hidden, options)
  return recurrent("nn.gru", 3, { "h" }, gru_cell, input, hidden, options)
end

-- ---- convolutions ----

local function convolution(word, dims)
  local what, apply = "nn." .. word, env[word]
  return function(input, output, window, options)
    options = options or {}
    size(input, what .. ": the number of channels of the input")
    size(output, what .. ": the number of channels of the output")
    lib.check_fields(options, what, { "stride", "pad", "bias" })
    local how = {
      stride = lib.for_each_dim(options.stride or 1, dims, what .. ": stride", 1),
      pad = lib.for_each_dim(options.pad or 0, dims, what .. ": pad", 0),
    }
    local shape, fan_in = { output, input }, input
    for _, k in ipairs(lib.for_each_dim(window, dims, what .. ": the size", 1)) do
      shape[#shape + 1], fan_in = k, fan_in * k
    end
    local first = uniform(1 / math.sqrt(fan_in))
    local params = { weight = param(shape, first) }
    if not flag(options.bias, what .. ": bias", true) then
      local function step(p, x) return apply(x, p.weight, nil, how) end
      return module { params = params, step = step }
    end
    params.bias = param({ output }, first)
    local function step(p, x) return apply(x, p.weight, p.bias, how) end
    return module { params = params, step = step }
  end
end

nn.conv1d, nn.conv2d = convolution("conv1d", 1), convolution("conv2d", 2)

local names = lib.sorted_keys(nn)
env.nn = lib.strict(nn, "nn", function(key)
  return format("nn.%s: there is no such module%s", key, lib.hint(key, names, "there is"))
end)
