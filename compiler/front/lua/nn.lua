-- nn.lua: the usual layers, each a module over the operations, as a user would write it. Names,
-- shapes, gate order and first values of parameters are PyTorch's.
local core, env, lib = ...
local tanh, sigmoid, relu, split, dropout = env.tanh, env.sigmoid, env.relu, env.split, env.dropout
local layer_norm, embedding, normal, ones = env.layer_norm, env.embedding, env.normal, env.ones
local zeros = env.zeros
local param, uniform = env.param, env.uniform
local layer, format = lib.layer, string.format

local nn = {}
local MOST = 2 ^ 24

local function size(v, what) return lib.whole(v, what, 1, MOST) end

-- y = W x + b
function nn.linear(input, output, options)
  size(input, "nn.linear: the input size")
  size(output, "nn.linear: the output size")
  local first = uniform(1 / math.sqrt(input))
  local params = { weight = param({ output, input }, first) }
  if lib.flag(options.bias, "nn.linear: bias") then
    params.bias = param({ output }, first)
    return layer { params = params, step = function(p, x) return p.weight(x) + p.bias end }
  end
  return layer { params = params, step = function(p, x) return p.weight(x) end }
end

function nn.embedding(vocab, width)
  size(vocab, "nn.embedding: the number of tokens")
  size(width, "nn.embedding: the width")
  return layer {
    params = { weight = param({ vocab, width }, normal(1)) },
    step = function(p, token) return embedding(p.weight, token) end,
  }
end

function nn.layer_norm(width, options)
  size(width, "nn.layer_norm: the width")
  return layer {
    params = { weight = param({ width }, ones), bias = param({ width }, zeros) },
    step = function(p, x) return layer_norm(x, p.weight, p.bias, options) end,
  }
end

function nn.dropout(probability)
  lib.number(probability, "nn.dropout: the probability", function(v) return v >= 0 and v < 1 end,
    "a number from 0, and below 1")
  return layer { step = function(_, x) return dropout(x, probability) end }
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
local function recurrent(what, gates, names, cell, input, hidden, options)
  size(input, what .. ": the input size")
  size(hidden, what .. ": the hidden size")
  local layers = lib.whole(options.layers, what .. ": layers", 1, 64)
  local rate = lib.number(options.dropout, what .. ": dropout",
    function(v) return v >= 0 and v < 1 end,
    "a number from 0, and below 1")
  if rate > 0 and layers == 1 then
    lib.fail("%s: dropout is between layers, and there is one; dropout(h, %s) in the step drops its output",
      what, lib.number_text(rate))
  end
  local bias = lib.flag(options.bias, what .. ": bias")
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
  return layer { params = params, state = layers == 1 and state.l0 or state, step = step }
end

-- h' = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990)
function nn.rnn(input, hidden, options)
  local f = lib.word(options.nonlinearity, "nn.rnn: nonlinearity", { "tanh", "relu" })
  local activation = f == "tanh" and tanh or relu
  local function cell(p, l, bias, x, s)
    local a, b = maps(p, l, bias, x, s.h)
    return { h = activation(a + b) }
  end
  return recurrent("nn.rnn", 1, { "h" }, cell, input, hidden, options)
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
    size(input, what .. ": the number of channels of the input")
    size(output, what .. ": the number of channels of the output")
    local how = {
      stride = lib.for_each_dim(options.stride, dims, what .. ": stride", 1),
      pad = lib.for_each_dim(options.pad, dims, what .. ": pad", 0),
    }
    local shape, fan_in = { output, input }, input
    for _, k in ipairs(lib.for_each_dim(window, dims, what .. ": the size", 1)) do
      shape[#shape + 1], fan_in = k, fan_in * k
    end
    local first = uniform(1 / math.sqrt(fan_in))
    local params = { weight = param(shape, first) }
    if not lib.flag(options.bias, what .. ": bias") then
      local function step(p, x) return apply(x, p.weight, nil, how) end
      return layer { params = params, step = step }
    end
    params.bias = param({ output }, first)
    local function step(p, x) return apply(x, p.weight, p.bias, how) end
    return layer { params = params, step = step }
  end
end

nn.conv1d, nn.conv2d = convolution("conv1d", 1), convolution("conv2d", 2)

lib.nn = nn -- env.nn when every function has its check, see calls.lua
