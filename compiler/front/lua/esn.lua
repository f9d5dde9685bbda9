-- esn.lua: nn.esn, an echo state network's reservoir: H. Jaeger, "The 'echo state' approach to analysing and training
-- recurrent neural networks", 2001; leaky units by H. Jaeger, M. Lukosevicius, D. Popovici & U. Siewert,
-- "Optimization and applications of echo state networks with leaky-integrator neurons", 2007.
--
--   h' = (1 - leak) h + leak tanh(W_ih x + W_hh h + b)
--
-- Its parameters are drawn, by the seed of the training, and stay: trainable = false. What reads h is trained, in one
-- pass by `ridge`.
local core, env, lib = ...
local param, uniform = env.param, env.uniform

local function above_0(v) return v > 0 end

local fixed = { trainable = false }

function lib.nn.esn(input, hidden, options)
  local what = "nn.esn"
  lib.check_sizes(what, input, hidden)
  local leak = lib.number(options.leak, what .. ": leak", function(v) return v > 0 and v <= 1 end,
    "a number above 0, and 1 at most")
  local scale = lib.number(options.input_scale, what .. ": input_scale", above_0, "a number above 0")
  local radius = lib.number(options.radius, what .. ": radius", above_0, "a number above 0")
  local bias = lib.flag(options.bias, what .. ": bias")
  local function step(p, x, s)
    local a = p.weight_ih(x) + p.weight_hh(s.h)
    if bias then a = a + p.bias end
    local h = env.tanh(a)
    if leak < 1 then h = (1 - leak) * s.h + leak * h end
    return h, { h = h }
  end
  return lib.layer {
    params = {
      weight_ih = param({ hidden, input }, uniform(scale), fixed),
      weight_hh = param({ hidden, hidden }, env.spectral(radius), fixed),
      bias = bias and param({ hidden }, uniform(scale), fixed) or nil,
    },
    state = { h = { hidden } }, step = step,
  }
end
