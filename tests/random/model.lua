-- model.lua: everything of a spec that is not its operations: inputs, targets, states, losses, tbptt,
-- train, and the text of it all.
local shapes = require "shapes"
local Cell = require "cell"
local operations = require "operations"
local rules = require "rules"
local size, text_of, number = shapes.size, shapes.text, shapes.number

-- ---- tables as text ----

local function indented(text, by) return (text:gsub("\n", "\n" .. (" "):rep(by))) end

-- { { "mem.fast", "{ 3 }" }, { "layers[1].W", ... } } as a table, nested.
local function tree_text(entries)
  local order, below = {}, {}
  for _, e in ipairs(entries) do
    local head, rest = e[1]:match("^(%w+)[.]?(.*)$")
    if not head then head, rest = e[1]:match("^%[(%d+)%][.]?(.*)$") end
    if not below[head] then
      below[head], order[#order + 1] = {}, head
    end
    table.insert(below[head], { rest, e[2] })
  end
  table.sort(order)
  local lines = {}
  for i, head in ipairs(order) do
    local inner = below[head]
    local text = inner[1][1] == "" and inner[1][2] or tree_text(inner)
    local key = head == number(i) and "" or (head:match("^%d") and "[%s] = " or "%s = "):format(head)
    lines[i] = ("  %s%s,\n"):format(key, indented(text, 2))
  end
  return "{\n" .. table.concat(lines) .. "}"
end

-- ---- inputs and targets ----

local function small_shape(draw, most)
  local rank = draw:pick { 0, 1, 1, 1, 2, 2, 3 }
  local s = {}
  for i = 1, rank do s[i] = draw:between(1, rank == 1 and 6 or 3) end
  return size(s) <= (most or 12) and s or { 4 }
end

local function real_field(draw)
  local s = small_shape(draw)
  return { shape = s, declared = #s == 1 and ("real(%d)"):format(s[1]) or ("real %s"):format(text_of(s)) }
end

local function token_field(draw)
  local vocab = draw:between(2, 5)
  return { shape = {}, vocab = vocab, declared = ("token(%d)"):format(vocab) }
end

-- One field without a name, or two or three by name, or none: a list.
local function draw_inputs(draw)
  local kind, list = draw:upto(10), {}
  if kind == 1 then return list end
  if kind <= 4 then return { real_field(draw) } end
  if kind <= 6 then return { token_field(draw) } end
  for i = 1, draw:between(2, 3) do
    list[i] = (i == 2 and draw:percent(50)) and token_field(draw) or real_field(draw)
    list[i].name = ("abc"):sub(i, i)
  end
  return list
end

local function fields_text(list)
  if #list == 0 then return "nil" end
  if not list[1].name then return list[1].declared end
  local parts = {}
  for i, f in ipairs(list) do parts[i] = f.name .. " = " .. f.declared end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

local function enter_inputs(cell, inputs)
  for _, f in ipairs(inputs) do
    local v = { text = f.name and "x." .. f.name or "x", shape = f.shape, vocab = f.vocab, scale = 1.5, plain = true }
    if f.vocab then table.insert(cell.tokens, v) else cell:add(v) end
  end
end

-- ---- states ----

local state_names = { "h", "c", "mem.fast", "mem.slow", "trace", "mem.deep.z" }

local function state_declared(draw, s)
  local kind, t = draw:upto(6), text_of(s)
  if kind == 1 then return ("init(%s, %s)"):format(t, number(draw:sixteenths(1))) end
  if kind == 2 then return ("learned(%s, uniform(0.8))"):format(t) end
  if kind == 3 then return ("learned(%s)"):format(t) end
  if kind == 4 then return ("learned(%s, %s)"):format(t, number(draw:sixteenths(1))) end
  return t
end

-- One to four states; the first two are sometimes of one shape and change places.
local function draw_states(draw)
  local list = {}
  for i = 1, draw:between(1, 4) do
    local s = small_shape(draw, 9)
    list[i] = { name = state_names[i + (draw:percent(30) and 2 or 0)], shape = s }
    list[i].role = draw:pick { "update", "update", "update", "leak", "leak", "keep", "ignore", "value" }
  end
  list[1].role = draw:percent(80) and "leak" or "update"
  local seen, unique = {}, {}
  for _, s in ipairs(list) do
    if not seen[s.name] then seen[s.name], unique[#unique + 1] = true, s end
  end
  if unique[2] and draw:percent(30) then
    unique[2].shape, unique[1].role, unique[2].role = unique[1].shape, "swap", "swap"
    unique[1].other, unique[2].other = unique[2], unique[1]
  end
  for _, s in ipairs(unique) do s.text, s.declared = "s." .. s.name, state_declared(draw, s.shape) end
  return unique
end

local function enter_states(cell, states)
  for _, s in ipairs(states) do
    if s.role ~= "ignore" then cell:add { text = s.text, shape = s.shape, scale = 1 } end
  end
end

-- A value as it is: an input, a parameter, a state or something computed becomes the next state.
local function value_itself(cell, shape)
  if cell.draw:percent(30) then return cell.draw:pick { "%s", "tanh(%s)" }:format(cell:param("b", shape).text) end
  local v = cell:pick(function(x) return shapes.same(x.shape, shape) and x.scale <= 1.5 end)
  return v and v.text or cell:param("b", shape).text
end

-- What the step returns for a state; bounded, so that no value grows along the stream.
local function next_state(cell, s)
  if s.role == "keep" then return s.text end
  if s.role == "value" then return value_itself(cell, s.shape) end
  if s.role == "swap" and s.name < s.other.name then return s.other.text end
  local new = ("tanh(%s)"):format((cell:gather(s.shape)))
  if s.role == "leak" then return ("%s * %s + %s * %s"):format("0.6", s.text, "0.5", new) end
  if s.role == "swap" then return ("0.5 * %s + 0.4 * %s"):format(s.other.text, new) end
  return new
end

-- ---- outputs, targets, losses ----

local own_losses = { -- of y and target of one shape
  "0.5 * mean(square(y - t))", "sum(square(y - 0.3 * t))", "mean(log(exp(0.5 * y - t) + exp(t - 0.5 * y)))",
  "huber(0.2 * y, 0.1 * tanh(t))", "mean(y * t) + 0.1 * sum(square(y))", "sum(softplus(y - t)) / 3",
}
local kinked_losses = { "huber(y, t)", "mean(abs(y - t))", "sum(max(y - t, 0.5 * t))" }
local no_target_losses = { "mean(square(y - 0.5))", "sum(y)", "mean(softplus(y))", "slice(flatten(sin(y)), 1, 1)" }

-- { output shape, target field or nil, "mse" | ..., and its text over y and t }
local function draw_loss(draw, smooth)
  local kind = draw:upto(10)
  if kind <= 2 then
    local f = token_field(draw)
    return { shape = { f.vocab }, field = f, name = "cross_entropy", text = "cross_entropy(y, t)" }
  end
  local f = real_field(draw)
  local l = { shape = f.shape, field = f }
  if kind <= 4 then l.name = "mse" elseif kind <= 5 then l.name = "bce"
  elseif kind == 6 and not smooth then l.name = "huber"
  elseif kind <= 8 then l.text = draw:pick((smooth or draw:percent(50)) and own_losses or kinked_losses)
  else l.text, l.field = draw:pick(no_target_losses), nil end
  l.text = l.text or l.name .. "(y, t)"
  f.probability = l.name == "bce"
  return l
end

local function replaced(text, y, t)
  return (text:gsub("%f[%w]y%f[%W]", y):gsub("%f[%w]t%f[%W]", t))
end

-- One output without a name or two by name. Returns the losses with names and the text of `loss`.
local function draw_losses(draw, smooth)
  local a = draw_loss(draw, smooth)
  if draw:percent(65) then
    if a.name and draw:percent(70) then return { a }, a.name end
    return { a }, ("function(y, t) return %s end"):format(a.text)
  end
  local b = draw_loss(draw, smooth)
  if a.name and draw:percent(40) then
    b = draw_loss(draw, smooth)
    b.name, b.field, b.shape, b.text = a.name, a.field, a.shape, a.text -- one loss for both
    if a.name == "cross_entropy" then b.field = { shape = {}, vocab = a.field.vocab, declared = a.field.declared } end
    if b.field == a.field then b.field = { shape = a.field.shape, declared = a.field.declared, probability = a.field.probability } end
    a.output, b.output = "u", "w"
    a.field.name, b.field.name = "u", "w"
    return { a, b }, a.name
  end
  a.output, b.output = "u", "w"
  for _, l in ipairs { a, b } do if l.field then l.field.name = l.output end end
  return { a, b }, ("function(y, t)\n    return %s + 0.3 * %s\n  end"):format(replaced(a.text, "y.u", "t.u"),
    "(" .. replaced(b.text, "y.w", "t.w") .. ")")
end

-- An output: made of several values, or one as it is.
local function output_text(cell, shape)
  local v = cell.draw:percent(25) and cell:pick(function(x) return shapes.same(x.shape, shape) end)
  if v then
    v.used = true
    return v.text
  end
  local text, scale = cell:gather(shape)
  return scale > 2.5 and ("2 * tanh(%s)"):format(text) or text
end

-- Whatever nothing has read goes into the first output, so that every operation counts. Its sum or a
-- scalar alone would not do: the one of a softmax is 1, and logits may all be moved by the other.
local function rest_text(cell, shape)
  local parts = {}
  for _, v in ipairs(cell.values) do
    if not v.used and v.text:match("^v%d") and #parts < 4 then parts[#parts + 1] = ("mean(tanh(%s))"):format(v.text) end
  end
  return #parts > 0 and (" + %s * tanh(%s)"):format(cell:param("b", shape).text, table.concat(parts, " + ")) or ""
end

-- ---- a head over the window ----

-- Over one state of every step, oldest first, as in models/lstm_cnn.lua, or of two of the steps alone.
local function draw_head(cell, states, shape, k2, beside)
  local s = cell.draw:pick(states)
  local seen = cell.draw:percent(50) and "for t = 1, #ss do list[t] = flatten(ss[t].%s) end"
    or ("for i, t in ipairs { %d, %d } do list[i] = flatten(ss[t].%%s) end"):format(cell.draw:upto(k2), cell.draw:upto(k2))
  local n, m = size(s.shape), size(shape)
  local W, b = cell:matrix(m, n), cell:param("b", { m })
  local over = cell.draw:pick {
    "mean(z, 1)", "sum(softmax(z, 1) * z, 1)", "slice(z, -1, -1, 1)", "mean(tanh(2 * z), 1) - mean(square(z), 1)",
  }
  local lines = {
    "function(p, ys, ss)", "    local list = {}",
    "    " .. seen:format(s.name),
    "    local z = stack(list)",
    beside:percent(30) and "    probe(\"mark_stack\", z)" or "",
    beside:percent(30) and ("    probe(\"mark_seen\", ss[%d].%s)"):format(beside:upto(k2), s.name) or "",
    ("    local y = %s(flatten(%s)) + %s"):format(W.text, over, b.text),
    ("    return %s%s"):format(shapes.same(shape, { m }) and "y" or ("reshape(y, %s)"):format(text_of(shape)),
      cell.draw:percent(50) and (" + 0.5 * ys[%d]"):format(cell.draw:upto(k2)) or ""),
    "  end",
  }
  return table.concat(lines, "\n")
end

-- ---- tbptt and train ----

local function draw_tbptt(draw)
  local how, k1, k2 = draw:upto(5), nil, nil
  if how <= 3 then
    k2 = draw:between(2, 7)
    k1 = draw:between(1, math.min(6, k2 - 1))
  elseif how == 4 then
    k1 = draw:between(1, 5)
    k2 = k1
  else
    k1 = draw:between(2, 6)
    k2 = draw:between(1, k1 - 1)
  end
  return { k1 = k1, k2 = k2, batch = draw:between(1, 4), loss = draw:pick { "new", "last", "all" },
    reduce = draw:pick { "mean", "sum" }, overlap = draw:pick { "recompute", "retain", "versions" },
    carry = draw:percent(30), resets = draw:percent(45), masks = draw:percent(40) }
end

local function tbptt_text(t)
  local text = ("{ k1 = %d, k2 = %d, batch = %d, loss = %q, reduce = %q, overlap = %q"):format(t.k1, t.k2, t.batch,
    t.loss, t.reduce, t.overlap)
  for _, flag in ipairs { "carry", "resets", "masks" } do
    if t[flag] then text = text .. ", " .. flag .. " = true" end
  end
  if (t.k1 + t.k2 + t.batch) % 3 == 0 then text = text .. ", unroll = false" end
  return text .. " }"
end

local optimizers = {
  "sgd { lr = 0.05 }", "sgd { lr = 0.02, momentum = 0.9 }", "sgd { lr = 0.02, momentum = 0.8, nesterov = true }",
  "adam { lr = 0.01 }", "adamw { lr = 0.01 }", "rmsprop { lr = 0.003 }", "sgd { lr = 0.03, weight_decay = 0.01 }",
}
local extras = { "", "", ", clip_norm = 1", ", clip_value = 0.5", ", schedule = cosine { warmup = 2 }",
  ", schedule = step { every = 2, gamma = 0.5 }", ", accumulate = 2, average = 0.5", ", schedule = one_cycle { total = 6 }" }

local function train_text(draw)
  return ("{ optimizer = %s%s }"):format(draw:pick(optimizers), draw:pick(extras))
end

-- ---- the whole ----

local gated = [[
-- A minimal gated unit.
local function gated(input, hidden)
  return module {
    params = { gate = nn.linear(input + hidden, hidden), new = nn.linear(input + hidden, hidden) },
    state  = { h = { hidden } },
    step   = function(p, x, s)
      local f = sigmoid(p.gate(concat { x, s.h }))
      local n = tanh(p.new(concat { x, f * s.h }))
      local h = (1 - f) * s.h + f * n
      return h, { h = h }
    end,
  }
end

]]

local function entries(list, name, text)
  local r = {}
  for i, x in ipairs(list) do r[i] = { x[name], x[text] } end
  return r
end

-- Probes whose values nothing goes on with: of inputs, states, parameters and what was made of them.
local function write_marks(cell, beside)
  for i = 1, beside:upto(4) - 1 do
    cell:line("probe(\"mark%d\", %s)", i, beside:pick(cell.values).text)
  end
end

local function write_step(cell, states, losses, beside)
  local next_states, outputs = {}, {}
  for i, s in ipairs(states) do next_states[i] = { s.name, next_state(cell, s) } end
  for _, m in ipairs(cell.modules) do next_states[#next_states + 1] = { m.name, m.next } end
  for i, l in ipairs(losses) do outputs[i] = { l.output, output_text(cell, l.shape) } end
  outputs[1][2] = outputs[1][2] .. rest_text(cell, losses[1].shape)
  for i, l in ipairs(losses) do -- else what moves all logits alike would have a gradient of 0
    if l.field and l.field.vocab then
      outputs[i][2] = ("%s * (%s)"):format(cell:param("g", l.shape).text, outputs[i][2])
    end
  end
  local y = #outputs == 1 and outputs[1][2] or ("{ u = %s, w = %s }"):format(outputs[1][2], outputs[2][2])
  if #cell.values > 0 then write_marks(cell, beside) end
  cell:line("local y = %s", y)
  cell:line("return y, %s", tree_text(next_states))
end

local function params_text(cell)
  if #cell.params == 0 then cell:param("W", { 2 }) end
  return tree_text(entries(cell.params, "name", "declared"))
end

-- The spec of a seed as text, and what a test must know of it.
local function new(draw, seed, heads, beside)
  local smooth = draw:percent(65)
  local cell = Cell.new(draw, smooth)
  local inputs, states, tbptt = draw_inputs(draw), draw_states(draw), draw_tbptt(draw)
  enter_inputs(cell, inputs)
  enter_states(cell, states)
  local losses, loss = draw_losses(draw, smooth)
  for _ = 1, draw:between(0, 2) do cell:add(cell:param("b", small_shape(draw, 9))) end
  operations.fill(cell, seed, draw:between(4, 11))
  rules.add_tables(cell, seed)
  write_step(cell, states, losses, beside)
  local targets = {}
  for _, l in ipairs(losses) do targets[#targets + 1] = l.field end
  local head = (heads or draw:percent(25)) and #losses == 1 and draw_head(cell, states, losses[1].shape, tbptt.k2, beside)
  if head then tbptt.loss = "last" end
  rules.add_options(cell, seed)
  local fields = { "return model {" }
  local function field(name, text) fields[#fields + 1] = ("  %s = %s,"):format(name, indented(text, 2)) end
  if #inputs > 0 then field("input", fields_text(inputs)) end
  if #targets > 0 then field("target", fields_text(targets)) end
  field("params", params_text(cell))
  field("state", tree_text(entries(states, "name", "declared")))
  field("step", ("function(p, %s, s)\n  %s\nend"):format(#inputs > 0 and "x" or "_",
    indented(table.concat(cell.lines, "\n"), 2)))
  if head then fields[#fields + 1] = "  window = " .. head .. "," end
  fields[#fields + 1] = ("  loss = %s,"):format(loss)
  field("tbptt", tbptt_text(tbptt))
  field("train", train_text(draw))
  fields[#fields + 1] = "}\n"
  return { head = head and true, smooth = smooth, inputs = inputs, targets = targets, tbptt = tbptt,
    text = (cell.helpers.gated and gated or "") .. table.concat(fields, "\n") }
end

return { new = new }
