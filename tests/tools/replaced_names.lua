-- luajit replaced_names.lua > SPEC: a spec that, with -D evil=true, gives every name of the language and every
-- function of Lua's libraries another meaning, and then makes mistakes and a model of what it has kept of
-- them. What is said of the mistakes, and the model, must be the same as without.
local lib = {}
assert(loadfile("compiler/front/lua/signatures.lua"))(nil, nil, lib)

local names = {}
for _, row in ipairs(lib.signatures) do
  if not row.name:find("%.") then names[#names + 1] = row.name end
end
for name in ("assert error getmetatable ipairs next pairs pcall print rawequal rawget rawlen rawset select " ..
  "setmetatable tonumber tostring type unpack xpcall require string table math nn"):gmatch("%S+") do
  names[#names + 1] = name
end

local function each(form)
  local list = {}
  for i, name in ipairs(names) do list[i] = form:gsub("NAME", name) end
  return table.concat(list)
end

print('local o = options { evil = false }\nlocal L = {}')
print(each("L.NAME = NAME\n"))
print([[
for name, library in pairs { string = string, table = table, math = math } do
  L[name] = {}
  for k, v in pairs(library) do L[name][k] = v end
end
local function evil() return { kind = 7, shape = "none", at = L.tanh, a = "b" } end
if o.evil then
  for _, t in L.ipairs { string, table, math } do
    for k in L.pairs(t) do t[k] = evil end
  end
end
if o.evil then
]] .. each("  NAME = evil\n") .. [[
  unpack = function() return L.print, L.tanh end
end
]])

local calls = {}
for _, row in ipairs(lib.signatures) do
  if row.params and row.name ~= "model" then
    if row.least > 0 then calls[#calls + 1] = "L." .. row.name .. "()" end
    calls[#calls + 1] = "L." .. row.name .. "({ 1 }" .. (", x"):rep(math.max(row.least, 1) - 1) .. ")"
  end
end
for _, call in ipairs {
  "L.string.format('%s %s %s', {}, L.print, 3.5)", "L.tostring({})", "L.string.rep('a', {})", "L.tonumber(x)",
  "L.table.concat { x, x }", "L.table.concat({ {} })", "L.math.max(x)", "L.math.atan(x)", "L.pairs(3)", "L.next(3)",
  "L.setmetatable({}, { __gc = 1 })", "L.math.random()", "L.param({ 3 }, L.uniform)", "x + nil", "x.y", "x[1]", "-{}",
  "L.real { 2.5 }", "L.token(0)", "L.adam { lr = 0 }", "L.step {}", "L.nn.lstm(4, 8, { layer = 2 })", "L.nn.lstm(4)",
  "L.huber(x, x, { delt = 1 })", "L.module { step = 3 }", "L.clamp(x, 2, 1)", "L.split(x, 3)", "L.unpack(x)", "p.W()",
  "p.rnn(x)", "p.f(x, x)", "p.V", "p.W(L.concat { x, x })", "L.error({})", "L.error('mine')", "L.rawset(p, 1, 2)",
  "L.require 'no such'", "L.probe('h', {})", "L.conv1d(x, x)", "x < 1", "x == p.b", "#x", "x .. 'a'", "x ^ x",
} do calls[#calls + 1] = call end

print("local function mistakes(p, x)")
for _, call in ipairs(calls) do
  print(string.format("  L.print(L.select(2, L.pcall(function() local y = %s return y end)))", call))
end
print([[
end
return L.model {
  input  = L.real(4),
  target = L.token(5),
  params = { W = { 4, 4 }, b = { 4 }, start = L.param({ 4, 4 }, L.orthogonal), K = { 2, 1, 3 },
    rnn = L.nn.lstm(4, 4, { layers = 2, dropout = 0.1 }), f = L.nn.linear(4, 5), n = L.nn.layer_norm(4),
    c = L.nn.conv1d(1, 2, 3), e = L.nn.embedding(5, 4) },
  state  = { h = L.learned({ 4 }), i = L.init({ 4 }, 1) },
  step   = function(p, x, s)
    mistakes(p, x)
    local y, rnn = p.rnn(p.n(x + p.b) + L.gelu(p.start(s.h)), s.rnn)
    local z = L.flatten(p.c(L.reshape(y, { 1, 4 }))) + L.flatten(L.conv1d(L.reshape(x, { 1, 4 }), p.K))
    return p.f(L.max(y, L.slice(z, 1, 4), 0)), { rnn = rnn, h = L.tanh(p.W(y)), i = L.dropout(s.i, 0.5) }
  end,
  loss   = L.cross_entropy,
  tbptt  = { k1 = 2, k2 = 4 },
  train  = { optimizer = L.adamw {}, schedule = L.cosine { warmup = 3 } },
}]])
