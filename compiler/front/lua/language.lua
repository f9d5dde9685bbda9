-- language.lua: options{} and model{}.
local core, env, lib = ...
local fail, fail_at, describe, shape_text = lib.fail, lib.fail_at, lib.describe, lib.shape_text
local kinds, format, sorted_keys = lib.kinds, string.format, lib.sorted_keys

local begun, finished = nil, false -- where model{} was called; whether it returned

-- ---- options ----

local declared = {} -- name -> value, of all options{} so far
local defines = core.defines()

local function parse_number(text)
  if text:find("^[+-]?%d+%.?%d*$") or text:find("^[+-]?%.%d+$")
    or text:find("^[+-]?%d*%.?%d*[eE][+-]?%d+$") then
    local v = tonumber(text)
    return v and v - v == 0 and v or nil
  end
end

local function parse_boolean(text)
  if text == "true" then return true end
  if text == "false" then return false end
end

local function option_text(v) return type(v) == "number" and lib.number_text(v) or tostring(v) end

-- What a -D gives, or the checkpoint that is used again, of the default's type.
local function overridden(name, default, text, from)
  local v = text
  if type(default) == "number" then v = parse_number(text) end
  if type(default) == "boolean" then v = parse_boolean(text) end
  if v == nil then
    fail("%s %s=%s: %s is %s here, so -D must give it a %s", from or "-D", name, text, name,
      option_text(default), type(default))
  end
  return v
end

local function check_option(name, v)
  lib.check_name(name, "options")
  if declared[name] ~= nil then fail("options: %s is declared already", name) end
  local kind = type(v)
  if kind ~= "number" and kind ~= "string" and kind ~= "boolean" then
    fail("options: %s is %s; an option is a number, a string or a boolean", name, describe(v))
  end
  if kind == "number" and v - v ~= 0 then
    fail("options: %s is %s; it must be finite", name, lib.number_text(v))
  end
end

-- Option values stand in comments and strings of what is generated.
local function check_text(name, v)
  if type(v) == "string" and (#v > 200 or v:find("[^%w_.,:+/-]") or v:find("//", 1, true)) then
    fail("options: the value of %s may have letters, digits and _ . , : + - / in it, 200 at most",
      name)
  end
end

function env.options(t)
  if type(t) ~= "table" then
    fail("options takes a table, options { hidden = 32 }, not %s", describe(t))
  end
  if begun then fail("options must come before model") end
  local values = {}
  for _, name in ipairs(sorted_keys(t, 256, function() fail("a spec has at most 256 options") end)) do
    local v = t[name]
    check_option(name, v)
    for _, d in ipairs(defines) do
      if d.name == name then v = overridden(name, t[name], d.value, d.from) end
    end
    check_text(name, v)
    declared[name], values[name] = v, v
  end
  local names = sorted_keys(values)
  return lib.strict(values, "options", function(key)
    return format("options: there is no option %s%s", key, lib.hint(key, names, "there is"))
  end)
end

local function option_list()
  local list = {}
  if #sorted_keys(declared) > 256 then fail("a spec has at most 256 options") end
  for i, name in ipairs(sorted_keys(declared)) do
    list[i] = { name = name, value = option_text(declared[name]) }
  end
  for _, s in ipairs(core.sets()) do list[#list + 1] = { name = s.name, value = s.value } end
  return list
end

local function check_defines()
  local names = sorted_keys(declared)
  for _, d in ipairs(defines) do
    if declared[d.name] == nil and not d.from then
      local known = #names > 0 and "; its options are " .. table.concat(names, ", ")
        or "; it has no options { ... }"
      fail_at(core.path(), "-D %s=%s: the spec has no option %s%s", d.name, d.value, d.name, known)
    end
  end
end

-- ---- inputs and targets ----

function env.real(shape, options)
  if type(shape) == "number" then shape = { shape } end
  return lib.tagged("field", { shape = lib.shape(shape, "real"), vocab = 0,
    raw = lib.flag(options.raw, "real: raw") })
end

function env.token(vocab)
  vocab = lib.whole(vocab, "token: the number of values", 1, 2 ^ 24)
  return lib.tagged("field", { shape = {}, vocab = vocab })
end

local function entry(name, field)
  return { name = name, shape = field.shape, vocab = field.vocab, init = "constant", a = 0,
    learned = -1, raw = field.raw }
end

-- Declares an input or target; returns what a step sees: a node, a table of nodes, or nil.
local function declare_fields(v, kind)
  if v == nil then return nil end
  if kinds[v] == "field" then return core.declare(kind, { entry("", v) })[1] end
  if type(v) ~= "table" or kinds[v] or core.is_node(v) or next(v) == nil then
    fail("%s is %s; it must be real(n), token(n) or a table of such by name", kind,
      kinds[v] or describe(v))
  end
  local names, list, fields = sorted_keys(v, 256, function() fail("%s: there are at most 256 of them", kind) end), {}, {}
  for i, name in ipairs(names) do
    lib.check_name(name, kind)
    if kinds[v[name]] ~= "field" then
      fail("%s.%s is %s; it must be real(n) or token(n)", kind, name, describe(v[name]))
    end
    list[i] = entry(name, v[name])
  end
  local nodes = core.declare(kind, list)
  for i, name in ipairs(names) do fields[name] = nodes[i] end
  local called = kind == "input" and "x" or kind
  return lib.strict(fields, called, function(key)
    return format("%s.%s: there is no such %s%s", called, key, kind,
      lib.hint(key, names, "there is"))
  end)
end

-- ---- the tables p and s ----

local function by_name(a, b) return a.name < b.name end

local function declare(kind, list)
  table.sort(list, by_name)
  for i = 2, #list do
    if list[i].name == list[i - 1].name then
      fail("there are two %ss called %s", kind == "param" and "parameter" or kind, list[i].name)
    end
  end
  local nodes = core.declare(kind, list)
  for i, e in ipairs(list) do e.node, e.index = nodes[i], i - 1 end
end

-- The rows of the parameters' rules. Of matrices alone: weight decay is not for biases and gains.
local function take_rules(params, decay)
  local groups = lib.take_groups(params)
  for _, e in ipairs(params) do
    if decay == "matrices" and #e.shape < 2 then e.rule = lib.rule_within(e.rule, { weight_decay = 0 }) end
    for _, group in ipairs(groups) do
      if core.matches(group.pattern, e.name) then e.rule = lib.rule_within(e.rule, group) end
    end
    e.rule = lib.rule_row(e.rule, e.name)
  end
end

local function declare_params_and_states(spec, decay)
  local params, states = {}, {}
  local tree = lib.collect_params(spec.params or {}, params)
  local state_tree = lib.collect_states(spec.state, tree, states, params)
  if #params == 0 then fail("the model has no parameters, so there is nothing to train") end
  take_rules(params, decay)
  declare("param", params)
  for _, s in ipairs(states) do s.learned = s.start and s.start.index or -1 end
  declare("state", states)
  return lib.param_view(tree, "p"),
    lib.state_view(state_tree, "s", function(entry) return entry.node end), state_tree, states
end

-- ---- what the step, or the window, returns ----

-- The results, of which there are at most so many.
local function results(most, who, what, at, ...)
  local n = select("#", ...)
  if n > most then
    fail_at(at, "the %s returned %d results; it returns %s", who, n, what)
  end
  return ...
end

local function check_output(y, name, who, at)
  if not core.is_node(y) then
    fail_at(at, "the %s returned %s as its output%s; it must be a value of the model%s",
      who, describe(y), name,
      name == "" and " or a table of such by name" or "")
  end
  if core.vocab(y) then
    fail_at(at, "the %s returned the token %s as its output%s", who, core.name(y), name)
  end
end

-- The outputs as a list { name, node } in order of name, and as the loss sees them.
local function take_outputs(y, who, at)
  if core.is_node(y) or type(y) ~= "table" or next(y) == nil then
    check_output(y, "", who, at)
    return { { name = "", node = y } }, y
  end
  local list, fields, names = {}, {}, sorted_keys(y, 256, function()
    fail_at(at, "the %s returned more than 256 outputs; a model has at most 256", who)
  end)
  for i, name in ipairs(names) do
    if not lib.is_name(name) then
      fail_at(at, "the %s returned an output under %s; outputs have names, { y = ... }",
        who, describe(name))
    end
    local v = rawget(y, name)
    check_output(v, " " .. name, who, at)
    list[i], fields[name] = { name = name, node = v }, v
  end
  return list, lib.strict(fields, "output", function(key)
    return format("output.%s: the %s returns no such output%s", key, who,
      lib.hint(key, names, "it returns"))
  end)
end

-- ---- the loss ----

-- A standard loss over named outputs: for each of the names, which the targets must share.
local function named_loss(what, f, outputs, target, at)
  local y, names = outputs, {}
  if target == nil then fail("%s compares outputs with targets; the model has no target", what) end
  if core.is_node(target) then
    fail_at(at, "%s: the outputs have names but the target has none", what)
  end
  for i, name in ipairs(sorted_keys(y)) do
    names[i] = name
    if rawget(target, name) == nil then
      fail_at(at, "%s: there is no target for the output %s", what, name)
    end
  end
  for _, name in ipairs(sorted_keys(target)) do
    if rawget(y, name) == nil then
      fail_at(at, "%s: there is no output for the target %s", what, name)
    end
  end
  local list = {}
  for i, name in ipairs(names) do list[i] = { name = name, node = f(y[name], target[name]) } end
  return list
end

-- The sum of a list of named losses, and the list where there is more in it than the sum says.
local function total(list, least)
  local sum = list[1].node
  for i = 2, #list do sum = sum + list[i].node end
  return sum, #list >= least and list or {}
end

local function standard_loss(what, f, y, target, at)
  if core.is_node(y) then
    if target ~= nil and not core.is_node(target) then
      fail_at(at, "%s: the targets have names but the output has none", what)
    end
    return f(y, target), {}
  end
  return total(named_loss(what, f, y, target, at), 2)
end

-- of: "", or " as " and the loss's name.
local function scalar(loss, of, at)
  if not core.is_node(loss) then
    fail_at(at, "the loss returned %s%s; it must return a scalar of the model%s", describe(loss), of,
      of == "" and ", or a table of such by name" or "")
  end
  if core.vocab(loss) then fail_at(at, "the loss returned the token %s%s", core.name(loss), of) end
  local s = core.shape(loss)
  if lib.size(s) ~= 1 then
    fail_at(at, "the loss returned %s of shape %s%s; it must be a scalar: use sum or mean",
      core.name(loss), shape_text(s), of)
  end
  return #s == 0 and loss or core.reshape(loss, {})
end

-- What a function returned: a scalar, or several by name, which are added.
local function returned_loss(v, at)
  if core.is_node(v) or type(v) ~= "table" or kinds[v] or next(v) == nil then return scalar(v, "", at), {} end
  local list, names = {}, sorted_keys(v, 256, function()
    fail_at(at, "the loss returned more than 256 losses; a model has at most 256")
  end)
  for i, name in ipairs(names) do
    if not lib.is_name(name) then
      fail_at(at, "the loss returned a loss under %s; losses have names, { word = ... }", describe(name))
    end
    list[i] = { name = name, node = scalar(rawget(v, name), " as " .. name, at) }
  end
  return total(list, 1)
end

local function take_loss(f, y, target)
  if f == nil then
    fail("loss is missing; it is %s", lib.loss_list)
  end
  for _, name in ipairs(lib.losses) do
    if f == lib.functions[name] then
      local loss, named = standard_loss(name, f, y, target, core.where())
      return loss, name, named
    end
    if f == name then
      fail("loss is the string '%s'; write loss = %s, without quotes", name, name)
    end
  end
  if lib.levels[f] then return standard_loss("quantile", f, y, target, core.where()), "quantile" end
  if type(f) ~= "function" then
    fail("loss is %s; it is %s", describe(f), lib.loss_list)
  end
  lib.calling = "loss"
  local at = core.defined(f)
  local loss, named = returned_loss(results(1, "loss", "a scalar, or a table of such by name", at, f(y, target)), at)
  return loss, "custom", named
end

-- ---- the model ----

local mark = {}

-- Before anything of the call is looked at: the first may have failed in the middle.
lib.before = {}
function lib.before.model()
  if begun then fail("a spec describes one model; this is the second, the first is at %s", begun) end
  begun = core.where()
end

local function check_model(spec)
  if type(spec.step) ~= "function" then
    fail("step is %s; it must be a function(p, x, s) that returns the output and the next state",
      describe(spec.step))
  end
  if spec.window ~= nil and type(spec.window) ~= "function" then
    fail("window is %s; it must be a function(p, ys, ss) that returns the output",
      describe(spec.window))
  end
end

-- The head's outputs take the place of the step's.
local function take_head(head, p, outputs, state_tree, states, k2)
  local at = core.defined(head)
  local ys, ss = lib.head_views(outputs, state_tree, states, k2)
  lib.calling = "window"
  local y = results(1, "window", "the output", at, head(p, ys, ss))
  lib.check_strict(at)
  return take_outputs(y, "window", at)
end

function env.model(spec)
  check_model(spec)
  local tbptt, train = lib.take_tbptt(spec.tbptt, spec.window ~= nil), lib.take_train(spec.train)
  local x, target = declare_fields(spec.input, "input"), declare_fields(spec.target, "target")
  local p, s, state_tree, states = declare_params_and_states(spec, train.decay)
  local at = core.defined(spec.step)
  lib.calling = "step"
  local y, next_state = results(2, "step", "the output and the next state", at, spec.step(p, x, s))
  lib.check_strict(at)
  local outputs, seen = take_outputs(y, "step", at)
  lib.take_next_state(state_tree, next_state == nil and #states == 0 and {} or next_state, "", at)
  if spec.window then
    outputs, seen = take_head(spec.window, p, outputs, state_tree, states, tbptt.k2)
  end
  local loss, loss_name, named = take_loss(spec.loss, seen, target)
  local next_nodes = {}
  for i, state in ipairs(states) do next_nodes[i] = state.next end
  core.finish { outputs = outputs, next_state = next_nodes, loss = loss, loss_name = loss_name,
    named = named, options = option_list(),
    tbptt = tbptt, train = train }
  finished = true
  return mark
end

lib.model = env.model -- as it is on the stack while a model is built
lib.calling = "model" -- which of the spec's functions is being run then

-- Called with what the spec returned.
function lib.finish(returned)
  check_defines()
  if returned ~= mark then
    fail_at(core.path(), "a spec returns its model, return model { ... }; this one returned %s",
      finished and "something else, " .. describe(returned) or describe(returned))
  end
end
