-- nn_window.lua: layers one after the other, and what looks at all steps of a window in a head: layers that run
-- backward, attention.
local core, env, lib = ...
local nn, layer, kinds, fail, describe = lib.nn, lib.layer, lib.kinds, lib.fail, lib.describe
local sorted_keys, is_node, format = lib.sorted_keys, core.is_node, string.format
local concat, stack, slice, reshape, matmul = env.concat, env.stack, env.slice, env.reshape, env.matmul
local softmax, dropout, tanh, probe = env.softmax, env.dropout, env.tanh, env.probe
local param, uniform, zeros, glorot = env.param, env.uniform, env.zeros, env.glorot

-- ---- what modules are made of ----

-- What param(module, options) gives its options to.
local function inside(v)
  while kinds[v] == "group" do v = v.inner end
  return v
end

local function is_plain(v) return type(v) == "table" and not kinds[v] and not is_node(v) end

-- Whether a module, or a table of parameters, brings states.
local function has_state(v)
  v = inside(v)
  if kinds[v] == "module" then return not v.stateless and (v.state ~= nil or has_state(v.params)) end
  if not is_plain(v) then return false end
  for _, key in ipairs(sorted_keys(v)) do
    if has_state(v[key]) then return true end
  end
  return false
end

local function check_module(m, what)
  if kinds[m] ~= "module" or not has_state(m) then
    fail("%s takes a module with a state, %s(nn.gru(3, 16)), not %s", what, what,
      kinds[m] == "module" and "one without" or kinds[m] or describe(m))
  end
end

-- ---- one after the other ----

-- A module or a function; by a name of its own as { NAME = it }.
local function element(v, i)
  local name = format("l%d", i)
  if is_plain(v) then
    local key, one = next(v)
    if lib.is_name(key) and next(v, key) == nil then name, v = key, one end
  end
  if type(v) ~= "function" and kinds[inside(v)] ~= "module" then
    fail("nn.stack: element %d is %s; it is a module, a function of one value such as relu, or either under a name, { head = nn.linear(8, 2) }",
      i, kinds[v] or describe(v))
  end
  return { name = name, of = v, state = has_state(v) }
end

local function run_function(e, i, x)
  local y = e.of(x)
  if not is_node(y) then fail("nn.stack: element %d returned %s; it returns a value", i, describe(y)) end
  return y
end

function nn.stack(list)
  if not is_plain(list) or #list == 0 then
    fail("nn.stack takes a list of layers, nn.stack { nn.lstm(3, 16), nn.linear(16, 1) }, not %s",
      is_plain(list) and "a table without any" or kinds[list] or describe(list))
  end
  lib.check_list(list, "nn.stack")
  local elements, params, stateful = {}, {}, false
  for i, v in ipairs(list) do
    local e = element(v, i)
    for j = 1, i - 1 do
      if elements[j].name == e.name then fail("nn.stack: elements %d and %d are both called %s", j, i, e.name) end
    end
    elements[i], stateful = e, stateful or e.state
    if type(e.of) ~= "function" then params[e.name] = e.of end
  end
  local function step(p, x, s)
    local new = {}
    for i, e in ipairs(elements) do
      if type(e.of) == "function" then x = run_function(e, i, x)
      elseif e.state then x, new[e.name] = p[e.name](x, s[e.name])
      else x = p[e.name](x) end
    end
    if stateful then return x, new end
    return x
  end
  return layer { params = params, state = stateful and {} or nil, step = step }
end

-- ---- backward over a window ----

local function first_value(v, what)
  if kinds[v] == "learned" then
    fail("%s: the layer has a learned state, and what runs backward begins at numbers: init(shape, value)", what)
  end
  local shape = kinds[v] and v.shape or lib.shape(v, what)
  if not kinds[v] or v.first.kind == "constant" then return core.constant(kinds[v] and v.first.a or 0, shape) end
  return reshape(env.const(v.first.list), shape)
end

-- The states that a module, or a table of parameters, brings, as they begin.
local function beginning(v, what)
  local function values(tree)
    local all = {}
    for _, key in ipairs(sorted_keys(tree)) do
      local t = tree[key]
      local leaf = kinds[t] or next(t) == nil or type(t[1]) == "number"
      all[key] = leaf and first_value(t, what) or values(t)
    end
    return all
  end
  v = inside(v)
  local module = kinds[v] == "module"
  local s, params = values(module and v.state or {}), module and v.params or v
  for _, key in ipairs(sorted_keys(params)) do
    if has_state(params[key]) then s[key] = beginning(params[key], what) end
  end
  return s
end

local function check_steps(list, what, called)
  if not is_plain(list) or #list == 0 then
    fail("%s: %s is %s; it is a list of values of the window's steps, the oldest first", what, called,
      is_plain(list) and "an empty list" or kinds[list] or describe(list))
  end
end

-- step(p, x, s) over the list from its end, beginning at the states of m: what it returned for each.
local function run_backward(m, p, list, what)
  local s, ys = beginning(m, what), {}
  for t = #list, 1, -1 do ys[t], s = m.step(p, list[t], s) end
  return ys
end

function nn.backward(m)
  check_module(m, "nn.backward")
  local function step(p, list)
    check_steps(list, "nn.backward", "its argument")
    return run_backward(m, p, list, "nn.backward")
  end
  return layer { params = m.params, stateless = true, step = step }
end

-- The same declarations, whose modules bring no states.
local function without_states(v)
  if kinds[v] == "group" then return lib.tagged("group", { inner = without_states(v.inner), options = v.options }) end
  if kinds[v] == "module" then return lib.tagged("module", { params = v.params, step = v.step, stateless = true }) end
  if not is_plain(v) or type(v[1]) == "number" then return v end
  local all = {}
  for _, key in ipairs(sorted_keys(v)) do all[key] = without_states(v[key]) end
  return all
end

local function reverse_name(key) return type(key) == "number" and format("reverse_%d", key) or key .. "_reverse" end

-- A layer forward, step by step, and its twin backward over a window. Parameters are named as PyTorch's with
-- bidirectional=True (Schuster & Paliwal, 1997).
function nn.bidirectional(m)
  check_module(m, "nn.bidirectional")
  local params, keys = {}, sorted_keys(m.params)
  for _, key in ipairs(keys) do
    params[key], params[reverse_name(key)] = m.params[key], without_states(m.params[key])
  end
  local function backward(p, list, forward)
    check_steps(list, "nn.bidirectional", "its first argument")
    check_steps(forward, "nn.bidirectional", "its second argument")
    if #list ~= #forward then
      fail("nn.bidirectional: there are %d values to read and %d that ran forward", #list, #forward)
    end
    local twin = {}
    for _, key in ipairs(keys) do twin[key] = p[reverse_name(key)] end
    local ys = run_backward(m, twin, list, "nn.bidirectional")
    for t, y in ipairs(ys) do ys[t] = concat { forward[t], y } end
    return ys
  end
  local function step(p, x, s)
    if is_plain(x) then return backward(p, x, s) end
    return m.step(p, x, s)
  end
  return layer { params = params, state = m.state or {}, step = step }
end

-- ---- attention ----

-- The steps as a matrix {n, width}, and the query {width}, the newest step where none is given.
local function steps_and_query(what, x, q, width)
  if is_plain(x) then
    check_steps(x, what, "its first argument")
    q, x = q == nil and x[#x] or q, stack(x)
  end
  local s = is_node(x) and core.shape(x)
  if not s or #s ~= 2 or s[2] ~= width then
    fail("%s: what is looked at is %s; it is a list of vectors of %d, or a matrix of as many columns", what,
      s and lib.shape_text(s) or describe(x), width)
  end
  if q == nil then q = reshape(slice(x, -1, -1, 1), { width }) end
  if not is_node(q) or not lib.same_shape(core.shape(q), { width }) then
    fail("%s: the query is %s; it is a vector of %d", what, is_node(q) and lib.shape_text(core.shape(q)) or describe(q), width)
  end
  return x, q
end

-- softmax(K q / sqrt(d)) V, d columns of K and V for each head (Vaswani et al., 2017): {heads d}, and the weights of each
-- head {n}.
local function attend(q, k, v, heads, rate)
  local all, weights, d = {}, {}, core.shape(q)[1] / heads
  for i = 1, heads do
    local from, to = (i - 1) * d + 1, i * d
    local scores = matmul(slice(k, from, to), slice(q, from, to) * d ^ -0.5)
    weights[i] = softmax(scores)
    all[i] = matmul(rate > 0 and dropout(weights[i], rate) or weights[i], slice(v, from, to))
  end
  return concat(all), weights
end

-- PyTorch's MultiheadAttention for one query.
local function dot_product(width, o)
  local what = "nn.attention"
  local out = nn.linear(width, width, { bias = false })
  local params = { in_proj_weight = param({ 3 * width, width }, glorot), out_proj = out }
  if o.bias then
    params.in_proj_bias = param({ 3 * width }, zeros)
    params.out_proj = env.module { params = { weight = out.params.weight, bias = param({ width }, zeros) },
      step = function(p, x) return p.weight(x) + p.bias end }
  end
  return params, function(p, x, q)
    x, q = steps_and_query(what, x, q, width)
    local W, b = p.in_proj_weight, o.bias and p.in_proj_bias
    local function project(of, from, to)
      local y = slice(W, (from - 1) * width + 1, to * width, 1)(of)
      return b and y + slice(b, (from - 1) * width + 1, to * width) or y
    end
    local kv = project(x, 2, 3)
    local y, weights = attend(project(q, 1, 1), slice(kv, 1, width), slice(kv, width + 1, 2 * width), o.heads, o.dropout)
    return p.out_proj(y), weights
  end
end

-- sum_t softmax_t(v . tanh(Wq q + Wk x_t + b)) x_t (Bahdanau, Cho & Bengio, 2015)
local function additive(width, o)
  local first = uniform(1 / math.sqrt(width))
  local params = { weight_q = param({ width, width }, first), weight_k = param({ width, width }, first),
    v = param({ width }, first) }
  if o.bias then params.bias = param({ width }, zeros) end
  return params, function(p, x, q)
    x, q = steps_and_query("nn.attention", x, q, width)
    local query = o.bias and p.weight_q(q) + p.bias or p.weight_q(q)
    local weights = softmax(matmul(tanh(p.weight_k(x) + query), p.v))
    return matmul(o.dropout > 0 and dropout(weights, o.dropout) or weights, x), { weights }
  end
end

function nn.attention(width, options)
  local what = "nn.attention"
  lib.whole(width, what .. ": the width", 1, 2 ^ 24)
  local o = {
    heads = lib.whole(options.heads, what .. ": heads", 1, 1024),
    bias = lib.flag(options.bias, what .. ": bias"),
    dropout = lib.number(options.dropout, what .. ": dropout", function(v) return v >= 0 and v < 1 end,
      "a number from 0, and below 1"),
  }
  local score = lib.word(options.score, what .. ": score", { "dot", "additive" })
  if width % o.heads ~= 0 then fail("%s: the width %d does not divide into %d heads", what, width, o.heads) end
  if score == "additive" and o.heads > 1 then fail("%s: score = 'additive' has one head, not %d", what, o.heads) end
  local params, look = (score == "dot" and dot_product or additive)(width, o)
  local function step(p, x, q)
    local y, weights = look(p, x, q)
    if options.probe ~= nil then probe(options.probe, stack(weights)) end
    return y
  end
  return env.module { params = params, step = step }
end
