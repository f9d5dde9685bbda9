-- modules.lua: parameters, states, and modules, which bring both: how they are declared, and the
-- tables p and s that a step gets.
--
-- A declaration is a tree: tables whose leaves are shapes, param(...), init(...), learned(...) or
-- modules. A leaf's dotted name is its path: p.enc.W is called "enc.W".
local core, env, lib = ...
local fail, fail_at, describe, shape_text = lib.fail, lib.fail_at, lib.describe, lib.shape_text
local format, sorted_keys = string.format, lib.sorted_keys

local MOST = 1024 -- tensors in a table of the model

-- What a table is that one of the functions below made: kinds[t] == "param".
local kinds = setmetatable({}, { __mode = "k" })
lib.kinds = kinds

-- What a spec gets is read by the language later: it can be looked at but not changed.
local function tagged(kind, t)
  t.at = core.where()
  local function no_change() fail("this %s cannot be changed after it was made", kind) end
  local sealed = setmetatable({}, { __index = t, __newindex = no_change, __metatable = false })
  kinds[sealed] = kind
  return sealed
end
lib.tagged = tagged

-- ---- first values ----

-- The list is that of numbers that the spec gives.
local function initializer(kind, a, list)
  return tagged("initializer", { kind = kind, a = a, list = list })
end

env.zeros, env.ones = initializer("constant", 0), initializer("constant", 1)
env.glorot, env.orthogonal = initializer("glorot", 0), initializer("orthogonal", 0)

local function positive(v) return v > 0 end

-- From -a to a.
function env.uniform(a)
  return initializer("uniform", lib.number(a, "uniform: the bound", positive, "a number above 0"))
end

function env.normal(sd)
  return initializer("normal", lib.number(sd, "normal: the standard deviation", positive,
    "a number above 0"))
end

-- A normal matrix, divided so that its largest eigenvalue has that modulus.
function env.spectral(radius)
  return initializer("spectral", lib.number(radius, "spectral: the radius", positive, "a number above 0"))
end

local zeros, glorot = env.zeros, env.glorot
local initializers = "a number, a table of numbers, zeros, ones, uniform(a), normal(sd), glorot, orthogonal or spectral(radius)"

local function values(t, shape, what)
  if lib.looks_like_options(t) then
    fail("%s: the initial value is a table of options; they come third, %s(shape, init, { ... })", what, what)
  end
  local list = lib.read_numbers(t, shape, what)
  return initializer("values", core.table(list), list)
end

local function to_initializer(v, shape, what)
  if type(v) == "number" and v - v == 0 then return initializer("constant", v) end
  if type(v) == "table" and not kinds[v] then return values(v, shape, what) end
  if kinds[v] ~= "initializer" then
    local hint = v == lib.functions.uniform and "; uniform takes a bound: uniform(0.1)" or
      v == lib.functions.normal and "; normal takes a standard deviation: normal(0.1)" or
      v == lib.functions.spectral and "; spectral takes a radius: spectral(0.9)" or ""
    fail("%s: the initial value is %s; it is %s%s", what, describe(v), initializers, hint)
  end
  local least = v.kind == "glorot" and 2 or v.kind == "orthogonal" and 2 or 0
  if #shape < least or (v.kind == "orthogonal" and #shape > 2) then
    fail("%s: %s is for matrices, not for %s", what, v.kind, shape_text(shape))
  end
  if v.kind == "spectral" and (#shape ~= 2 or shape[1] ~= shape[2]) then
    fail("%s: spectral is for square matrices, not for %s", what, shape_text(shape))
  end
  return v
end

-- ---- leaves ----

local function is_shape(t) return next(t) == nil or type(t[1]) == "number" end

local function leaf(kind, shape, first, options)
  shape = lib.shape(shape, kind)
  return tagged(kind, { shape = shape, first = to_initializer(first, shape, kind),
    options = lib.take_options(options, kind) })
end

-- A module, or a table of parameters, all of which have these options.
local function group(inner, options, more)
  if options ~= nil and not lib.is_plain(lib.rule_within(lib.plain_rule, lib.take_options(more, "param"))) then
    fail("param: the options of a module, or of a table of parameters, are the second argument; there is a third")
  end
  if options == nil then
    fail("param: %s is given without options; param(..., { lr = 0.1 }) gives them to all parameters in it%s",
      kinds[inner] == "module" and "a module" or "a table of parameters",
      type(inner[1]) == "table" and "; numbers come behind their shape, param({ 2, 2 }, { ... })" or "")
  end
  return tagged("group", { inner = inner, options = lib.take_options(options, "param") })
end

local function is_group(v)
  if type(v) ~= "table" or core.is_node(v) then return false end
  local kind = kinds[v]
  return kind == "module" or kind == "param" or kind == "group" or (not kind and not is_shape(v))
end

-- A shape alone: matrices start as glorot says, everything else at 0.
function env.param(shape, first, options)
  if is_group(shape) then return group(shape, first, options) end
  if first == nil then
    first = type(shape) == "table" and #shape >= 2 and glorot or zeros
  end
  return leaf("param", shape, first, options)
end

function env.init(shape, first)
  local t = leaf("init", shape, first == nil and 0 or first)
  if t.first.kind ~= "constant" and t.first.kind ~= "values" then
    fail("init: a state starts at a number or a table of numbers; learned(shape, init) starts at a parameter")
  end
  return t
end

function env.learned(shape, first, options)
  return leaf("learned", shape, first == nil and 0 or first, options)
end

-- A piece of a model: its own parameters and state, and a step over them. In the model's step
-- p.NAME(x, s.NAME) calls step(p.NAME, x, s.NAME).
local function make_module(t, is_layer)
  if type(t.step) ~= "function" then
    fail("module: step is %s; it must be a function(p, x, s)", describe(t.step))
  end
  return tagged("module", { params = t.params or {}, state = t.state, step = t.step, stateless = t.stateless,
    is_layer = is_layer })
end

function env.module(t) return make_module(t, false) end

-- A module of nn, whose calls are checked: p.NAME(x), or p.NAME(x, s.NAME) where it has a state.
function lib.layer(t) return make_module(t, true) end

-- ---- trees ----

local function check_key(key, where)
  if lib.is_name(key) or (lib.is_whole(key) and key >= 1) then
    return lib.is_whole(key) and format("%d", key) or key
  end
  fail("%s: %s; this is %s", where, lib.name_rule, describe(key))
end

local walk

-- What stands under a name. on.leaf(tag, value, name), on.module(module, name) say what becomes of it;
-- on.group(options, f) calls f for what stands in a group.
local function visit(v, name, what, on)
  local kind = kinds[v]
  if type(v) ~= "table" then
    fail("%s.%s is %s; it must be a shape such as { 32 }%s", what, name, describe(v),
      type(v) == "number" and format(": { %s }", lib.number_text(v)) or "")
  elseif kind == "module" or kind == "group" then
    local f = on[kind]
    if not f then
      fail("%s.%s is a %s; %s stand in params", what, name, kind == "module" and kind or "table of parameters",
        kind == "module" and "modules" or "parameters")
    end
    if kind == "module" then return f(v, name) end
    return f(v.options, function() return visit(v.inner, name, what, on) end)
  elseif kind or is_shape(v) then
    return on.leaf(kind or "shape", v, name)
  end
  return walk(v, name .. ".", what, on)
end

-- Visits the declarations in `tree`, and returns a table of the same form with what became of them.
function walk(tree, path, what, on)
  if kinds[tree] == "group" and on.group then
    return on.group(tree.options, function() return walk(tree.inner, path, what, on) end)
  end
  if type(tree) ~= "table" or core.is_node(tree) or kinds[tree] then
    fail("%s is a table of names, %s = { NAME = ... }, not %s", what, what,
      kinds[tree] or describe(tree))
  end
  local result = {}
  local keys = sorted_keys(tree, MOST, function()
    fail("a model has at most %d %s", MOST, what == "params" and "parameters" or "states")
  end)
  for _, key in ipairs(keys) do
    local v = tree[key]
    local name = path .. check_key(key, what)
    if #name > 200 then fail("%s: the name %s... is too long", what, name:sub(1, 40)) end
    result[key] = visit(v, name, what, on)
  end
  return result
end

-- ---- parameters ----

-- An entry is a row of the model's table: name, shape, first value; later its node.
local function add(list, entry, what)
  if #list == MOST then fail("a model has at most %d %s", MOST, what) end
  list[#list + 1] = entry
  kinds[entry] = "entry"
  return entry
end

local function is_entry(t) return kinds[t] == "entry" end

local function param_entry(list, v, name, rule)
  rule = lib.rule_within(rule, v.options or {})
  lib.check_start(v.first, v.shape, rule, name, v.at)
  return add(list, { name = name, shape = v.shape, vocab = 0, init = v.first.kind, a = v.first.a,
    learned = -1, rule = rule }, "parameters")
end

-- `within()` is the rule of the groups around.
local function param_leaf(list, within)
  return function(kind, v, name)
    if kind == "shape" then
      local shape = lib.shape(v, "params." .. name)
      v = { shape = shape, first = #shape >= 2 and glorot or zeros, at = core.where() }
    elseif kind ~= "param" then
      fail("params.%s: %s is not a parameter", name,
        kind == "initializer" and "an initial value alone" or kind .. "(...)")
    end
    return param_entry(list, v, name, within())
  end
end

-- The tree of parameters: leaves are entries, which `list` gets too; a module becomes an instance,
-- { module, fields, name, rule }.
function lib.collect_params(tree, list)
  local depth, rule = 0, lib.plain_rule
  local on = { leaf = param_leaf(list, function() return rule end) }
  function on.module(m, name)
    depth = depth + 1
    if depth > 16 then fail("params.%s: modules are nested too deeply", name) end
    local fields = walk(m.params, name .. ".", "params", on)
    depth = depth - 1
    local instance = { module = m, fields = fields, name = name, rule = rule }
    kinds[instance] = "instance"
    return instance
  end
  function on.group(options, f)
    local around = rule
    rule = lib.rule_within(rule, options)
    local result = f()
    rule = around
    return result
  end
  return walk(tree, "", "params", on)
end

-- A module of nn takes x, and s if it has a state; others what their step takes.
local function check_module_call(m, name, n)
  local takes = m.state and 2 or 1
  if m.is_layer and n > takes then
    fail("%s takes %d argument%s, p.%s(%s); it was given %d", name, takes, takes == 1 and "" or "s",
      name, takes == 1 and "x" or "x, s." .. name, n)
  end
end

local function call_module(m, name)
  return function(view, x, s, ...)
    check_module_call(m, name, 1 + (s ~= nil and 1 or 0) + select("#", ...))
    if m.state and type(s) ~= "table" then
      fail("%s has a state: y, new = p.%s(x, s.%s), and the step returns it; the state given is %s",
        name, name, name, describe(s))
    end
    return m.step(view, x, s, ...)
  end
end

local function known(fields)
  local names = {}
  for _, key in ipairs(sorted_keys(fields)) do names[#names + 1] = tostring(key) end
  return names
end

local function unknown(name, what, names)
  return function(key)
    return format("%s.%s: there is no such %s%s", name, key, what, lib.hint(key, names, "there is"))
  end
end

-- p: the tree with nodes in place of entries.
function lib.param_view(tree, name, m)
  local fields = {}
  for _, key in ipairs(sorted_keys(tree)) do
    local t = tree[key]
    if is_entry(t) then fields[key] = t.node
    elseif kinds[t] == "instance" then fields[key] = lib.param_view(t.fields, t.name, t.module)
    else fields[key] = lib.param_view(t, name .. "." .. tostring(key)) end
  end
  return lib.strict(fields, name, unknown(name, "parameter", known(fields)),
    m and call_module(m, name))
end

-- ---- states ----

local function state_leaf(list, params, rule)
  return function(kind, v, name)
    if kind == "param" or kind == "initializer" then
      fail("state.%s: %s is not a state; init(shape, value) or learned(shape) says how it starts",
        name, kind == "param" and "param(...)" or "an initial value alone")
    end
    local shape = kind == "shape" and lib.shape(v, "state." .. name) or v.shape
    local entry = { name = name, shape = shape, vocab = 0, init = kind == "init" and v.first.kind or "constant",
      a = kind == "init" and v.first.a or 0, learned = -1 }
    if kind == "learned" then entry.start = param_entry(params, v, "init." .. name, rule) end
    return add(list, entry, "states")
  end
end

-- Puts the states of the modules in `params` (as collect_params returned it) into `states`. One that is stateless carries
-- nothing from step to step, and neither does what it is made of.
local function module_states(params, states, path, collect)
  for _, key in ipairs(sorted_keys(params)) do
    local t = params[key]
    local module = kinds[t] == "instance" and t.module
    local name = path .. tostring(key)
    if module and module.state then
      if states[key] then
        fail("state.%s: the module %s brings a state of this name", name, name)
      end
      states[key] = collect(module.state, name .. ".", t.rule)
    end
    if not is_entry(t) and not (module and module.stateless) then
      local given = states[key] or {}
      local below = is_entry(given) and {} or given
      module_states(module and t.fields or t, below, name .. ".", collect)
      if next(below) ~= nil then
        if is_entry(given) then
          fail("state.%s: params.%s brings states of this name", name, name)
        end
        states[key] = below
      end
    end
  end
end

-- The tree of states, and their entries in `list`; first values that are learned go to `params`, those of a
-- module's state with the module's rule.
function lib.collect_states(tree, module_tree, list, params)
  local function collect(t, path, rule)
    return walk(t, path, "state", { leaf = state_leaf(list, params, rule) })
  end
  local states = collect(tree or {}, "", lib.plain_rule)
  module_states(module_tree, states, "", collect)
  return states
end

-- s: the tree with nodes in place of entries; node_of(entry) says which.
function lib.state_view(tree, name, node_of)
  local fields = {}
  for _, key in ipairs(sorted_keys(tree)) do
    fields[key] = is_entry(tree[key]) and node_of(tree[key]) or
      lib.state_view(tree[key], name .. "." .. tostring(key), node_of)
  end
  return lib.strict(fields, name, unknown(name, "state", known(fields)))
end

-- What the step returned as the next state, against what was declared.
local function next_value(entry, v, at)
  if not core.is_node(v) then
    fail_at(at, "the step returned %s as the next state %s; it must be a value of shape %s",
      describe(v), entry.name,
      shape_text(entry.shape))
  end
  if core.vocab(v) then
    fail_at(at, "the step returned the token %s as the next state %s", core.name(v), entry.name)
  end
  if not lib.same_shape(core.shape(v), entry.shape) then
    fail_at(at, "the step returned %s of shape %s as the next state %s, which is declared as %s",
      core.name(v),
      shape_text(core.shape(v)), entry.name, shape_text(entry.shape))
  end
  entry.next = v
end

function lib.take_next_state(tree, returned, path, at)
  if type(returned) ~= "table" or core.is_node(returned) then
    fail_at(at, "the step returned %s as %s; it must be a table { %s }", describe(returned),
      path == "" and "the next state, its second result" or "the next state " .. path:sub(1, -2),
      #known(tree) > 0 and table.concat(known(tree), " = ..., ") .. " = ..." or "")
  end
  local keys = sorted_keys(returned, MOST, function()
    fail_at(at, "the step returned more than %d states%s", MOST, path == "" and "" or " in " .. path:sub(1, -2))
  end)
  for _, key in ipairs(keys) do
    if tree[key] == nil then
      fail_at(at, "the step returned a state %s%s, which is not declared%s", path, tostring(key),
        lib.hint(tostring(key), known(tree), path == "" and "the states are" or "there is"))
    end
  end
  for _, key in ipairs(sorted_keys(tree)) do
    local v = rawget(returned, key)
    if v == nil then fail_at(at, "the step returned no next state %s%s", path, tostring(key)) end
    if is_entry(tree[key]) then next_value(tree[key], v, at)
    else lib.take_next_state(tree[key], v, path .. tostring(key) .. ".", at) end
  end
end
