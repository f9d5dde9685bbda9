-- lru.lua: nn.lru, the linear recurrent unit: A. Orvieto, S. L. Smith, A. Gu, A. Fernando, C. Gulcehre, R. Pascanu &
-- S. De, "Resurrecting recurrent neural networks for long sequences", 2023. The state is a vector of complex numbers,
-- each of which turns and shrinks.
--
--   h' = lambda h + gamma (B x),    lambda = exp(-exp(nu_log) + i exp(theta_log)),    gamma = exp(gamma_log)
--   y  = Re(C h') + D x
--
-- |lambda| < 1 whatever nu_log is. The names of the parameters are those of the paper's code. It is one linear layer;
-- the paper puts networks between several, as models/lru.lua does.
local core, env, lib = ...
local exp, param, normal = env.exp, env.param, env.normal

-- Moduli and angles of a ring of the plane, r_min <= |lambda| <= r_max, the angle up to max_phase: spread evenly over
-- its area, where the paper draws them, the angles by steps of the golden ratio. gamma makes up for how long a
-- modulus remembers.
local function ring(n, o)
  local nu, theta, gamma = {}, {}, {}
  for j = 1, n do
    local squared = o.r_min ^ 2 + (j - 0.5) / n * (o.r_max ^ 2 - o.r_min ^ 2)
    nu[j], gamma[j] = math.log(-0.5 * math.log(squared)), 0.5 * math.log(1 - squared)
    theta[j] = math.log(o.max_phase * (j * 0.6180339887498949 % 1))
  end
  return nu, theta, gamma
end

local function check_ring(o, what)
  lib.number(o.r_max, what .. ": r_max", function(v) return v > 0 and v <= 1 end, "a number above 0, and 1 at most")
  lib.number(o.r_min, what .. ": r_min", function(v) return v >= 0 and v < o.r_max end,
    string.format("a number from 0, and below r_max = %s", lib.number_text(o.r_max)))
  lib.number(o.max_phase, what .. ": max_phase", function(v) return v > 0 and v <= 2 * math.pi end,
    "a number above 0, and 2 pi at most")
end

local function step(p, x, s)
  local modulus, angle = exp(-exp(p.nu_log)), exp(p.theta_log)
  local c, d, gamma = modulus * env.cos(angle), modulus * env.sin(angle), exp(p.gamma_log)
  local re = c * s.re - d * s.im + gamma * p.B_re(x)
  local im = d * s.re + c * s.im + gamma * p.B_im(x)
  return p.C_re(re) - p.C_im(im) + p.D(x), { re = re, im = im }
end

function lib.nn.lru(input, output, options)
  local what = "nn.lru"
  lib.whole(input, what .. ": the input size", 1, 2 ^ 24)
  lib.whole(output, what .. ": the output size", 1, 2 ^ 24)
  local n = options.state == nil and output or lib.whole(options.state, what .. ": state", 1, 2 ^ 24)
  check_ring(options, what)
  local nu, theta, gamma = ring(n, options)
  local b, c = normal(1 / math.sqrt(2 * input)), normal(1 / math.sqrt(n))
  return lib.layer {
    params = {
      nu_log = param({ n }, nu), theta_log = param({ n }, theta), gamma_log = param({ n }, gamma),
      B_re = param({ n, input }, b), B_im = param({ n, input }, b),
      C_re = param({ output, n }, c), C_im = param({ output, n }, c),
      D = param({ output, input }, normal(1 / math.sqrt(input))),
    },
    state = { re = { n }, im = { n } }, step = step,
  }
end
