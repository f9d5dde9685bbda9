-- nn.lua: the usual layers without a state, each a module over the operations, as a user would write it.
-- Names, shapes and first values of parameters are PyTorch's.
local core, env, lib = ...
local layer_norm, embedding, normal, ones = env.layer_norm, env.embedding, env.normal, env.ones
local zeros, dropout = env.zeros, env.dropout
local param, uniform = env.param, env.uniform
local layer = lib.layer

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
