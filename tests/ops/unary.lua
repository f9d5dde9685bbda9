-- Every function of one value: of a parameter (run once, before the steps), of a scalar, of a vector
-- and of a value of four dimensions.
local cases = require "lib.cases"

local function positive(x) return 1.5 + tanh(x) end
local function identity(x) return x end

local functions = {
  { "neg",
    function(x) return -x end }, { "tanh", tanh }, { "sigmoid", sigmoid }, { "softplus", softplus },
  { "exp", exp }, { "log", log, positive }, { "sqrt", sqrt, positive }, { "square", square },
    { "sin", sin },
  { "cos", cos }, { "relu", relu, cases.apart }, { "abs", abs, cases.apart },
  { "leaky_relu", leaky_relu, cases.apart }, { "steep_relu", function(x) return leaky_relu(x, 0.3) end, cases.apart },
  { "elu", elu, cases.apart }, { "deep_elu", function(x) return elu(x, 1.7) end, cases.apart },
  { "gelu", gelu }, { "silu", silu },
  { "clamp", function(x) return clamp(x, -1, 1.2) end, cases.apart },
  { "cube", function(x) return x ^ 3 end }, { "second_power", function(x) return x ^ 2 end },
  { "first_power", function(x) return x ^ 1 end }, { "zeroth_power", function(x) return x ^ 0 end },
  { "inverse",
    function(x) return x ^ -1 end, positive }, { "root", function(x) return x ^ 0.5 end, positive },
  { "third_root", function(x) return x ^ (1 / 3) end, positive },
  { "negative_base", function(x) return x ^ -2 end, cases.apart },
}

for _, row in ipairs(functions) do
  local name, f, domain = row[1], row[2], row[3] or identity
  cases.add(name .. "_shared", { 3, 4 }, { a = param({ 3, 4 }, uniform(1)) },
    function(p) return f(domain(p.a)) end)
  cases.add(name .. "_scalar", {}, { a = param({}, uniform(1)) },
    function(p, _, h) return f(domain(p.a + cases.part(h, {}))) end)
  cases.add(name .. "_state", { 12 }, { a = param({ 12 }, uniform(1)) },
    function(p, x, h) return f(domain(p.a * h + x)) end)
  cases.add(name .. "_rank4", { 2, 1, 3, 2 }, { a = param({ 3, 1 }, uniform(1)) },
    function(p, _, h) return f(domain(p.a + cases.part(h, { 2, 1, 3, 2 }))) end)
end

-- The functions keep their digits where a plain formula loses them all.
for i, shift in ipairs { -40, 40 } do
  cases.add("far_" .. i, { 12 }, { a = param({ 12 }, uniform(1)) }, function(p, _, h)
    local u = p.a * h
    return 1e-2 * softplus(u + shift) + sigmoid(u + shift) + tanh(u + shift) + u
  end)
end

return cases.model()
