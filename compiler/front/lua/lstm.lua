-- lstm.lua: nn.lstm and its variants, which can be had together.
--
--   i, f, g, o; c' = f c + i g; h' = o tanh(c')
--
-- S. Hochreiter & J. Schmidhuber, "Long short-term memory", 1997; the forget gate by F. Gers, J. Schmidhuber &
-- F. Cummins, "Learning to forget", 2000. Names, shapes, gate order and first values are PyTorch's where it has
-- them. The variants:
--
--   peephole    i and f see c, o sees c', element by element: F. Gers & J. Schmidhuber, "Recurrent nets that time
--               and count", 2000
--   layer_norm  of W_ih x, of W_hh h, and of c' on its way to tanh: J. Ba, J. Kiros & G. Hinton, "Layer
--               normalization", 2016, equations 20 to 22, whose b is in the biases of the first two
--   zoneout     an element of the state stays as it was with a probability: D. Krueger et al., "Zoneout", 2017;
--               h' is made of the c' that does not
--   projection  h' = W_hr (o tanh(c')): H. Sak, A. Senior & F. Beaufays, "Long short-term memory recurrent neural
--               network architectures for large scale acoustic modeling", 2014
--   coupled     i = 1 - f: K. Greff et al., "LSTM: a search space odyssey", 2017
local core, env, lib = ...
local tanh, sigmoid, split, dropout = env.tanh, env.sigmoid, env.split, env.dropout
local param, uniform, layer_norm = env.param, env.uniform, env.layer_norm
local nn, what = lib.nn, "nn.lstm"

-- ---- options ----

local function take_zoneout(v)
  local of = what .. ": zoneout"
  if type(v) == "number" then
    lib.rate(v, of)
    return { h = v, c = v }
  end
  if type(v) ~= "table" or core.is_node(v) or lib.kinds[v] then
    lib.fail("%s is %s; it must be a number from 0, and below 1, or { h = ..., c = ... }", of, lib.describe(v))
  end
  lib.check_fields(v, of, lib.fields("Zoneout"))
  return { h = lib.rate(v.h == nil and 0 or v.h, of .. ".h"), c = lib.rate(v.c == nil and 0 or v.c, of .. ".c") }
end

local function take_projection(n, hidden)
  if n == nil then return nil end
  lib.whole(n, what .. ": projection", 1, 2 ^ 24)
  if n >= hidden then
    lib.fail("%s: projection is %d and the hidden size %d; it must be smaller", what, n, hidden)
  end
  return n
end

local function take(hidden, options)
  local o = { hidden = hidden, zoneout = take_zoneout(options.zoneout),
    projection = take_projection(options.projection, hidden) }
  for _, name in ipairs { "bias", "peephole", "layer_norm", "coupled" } do
    o[name] = lib.flag(options[name], what .. ": " .. name)
  end
  o.output = o.projection or hidden
  o.blocks = o.coupled and 3 or 4
  return o
end

-- ---- parameters ----

local EPS = { eps = 1e-5 }

local function norm(width, bias)
  return lib.layer {
    params = { weight = param({ width }, env.ones), bias = bias and param({ width }, env.zeros) or nil },
    step = function(p, x) return layer_norm(x, p.weight, bias and p.bias or nil, EPS) end,
  }
end

local function params_of(o, inputs)
  local first, rows = uniform(1 / math.sqrt(o.hidden)), o.blocks * o.hidden
  local function vector(size, wanted) return wanted and param({ size }, first) or nil end
  local p = { weight_ih = param({ rows, inputs }, first), weight_hh = param({ rows, o.output }, first) }
  p.bias_ih, p.bias_hh = vector(rows, o.bias and not o.layer_norm), vector(rows, o.bias and not o.layer_norm)
  p.weight_ci = vector(o.hidden, o.peephole and not o.coupled)
  p.weight_cf, p.weight_co = vector(o.hidden, o.peephole), vector(o.hidden, o.peephole)
  if o.projection then p.weight_hr = param({ o.projection, o.hidden }, first) end
  if o.layer_norm then
    p.norm_ih, p.norm_hh, p.norm_c = norm(rows, o.bias), norm(rows, o.bias), norm(o.hidden, o.bias)
  end
  return p
end

-- ---- the step ----

local function gates(o, w, x, h)
  local a, b = lib.maps(w, x, h)
  if o.layer_norm then a, b = w.norm_ih(a), w.norm_hh(b) end
  if o.coupled then return nil, split(a + b, 3) end
  return split(a + b, 4)
end

-- a, which has seen v through a vector of weights if there is one.
local function seeing(a, weight, v) return weight and a + weight * v or a end

-- `old` where an element stays, with probability p, else `new`. Of dropout's mask m / (1 - p), which is 1 in
-- evaluation, this makes old + m (new - old), and there the expectation.
local function zoned(old, new, p)
  if p == 0 then return new end
  return old + (1 - p) * dropout(new - old, p)
end

local function step(o, w, x, s)
  local i, f, g, out = gates(o, w, x, s.h)
  local forget = sigmoid(seeing(f, w.weight_cf, s.c))
  local kept = forget * s.c
  local c = kept + (o.coupled and 1 - forget or sigmoid(seeing(i, w.weight_ci, s.c))) * tanh(g)
  local h = sigmoid(seeing(out, w.weight_co, c)) * tanh(o.layer_norm and w.norm_c(c) or c)
  if o.projection then h = w.weight_hr(h) end
  h = zoned(s.h, h, o.zoneout.h)
  return h, { h = h, c = zoned(s.c, c, o.zoneout.c) }
end

function nn.lstm(input, hidden, options)
  lib.check_sizes(what, input, hidden)
  local o = take(hidden, options)
  return lib.recurrent(what, input, options, {
    params = function(inputs) return params_of(o, inputs) end,
    state = { h = { o.output }, c = { hidden } }, output = o.output,
    step = function(w, x, s) return step(o, w, x, s) end,
  })
end
