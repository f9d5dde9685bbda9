-- models/lru.lua: the linear recurrent unit: a state of complex numbers, each of which turns and shrinks, and
-- networks between such layers.
--
--   h' = lambda h + gamma (B x),    lambda = exp(-exp(nu) + i exp(theta)),    gamma = sqrt(1 - |lambda|^2)
--   y  = Re(C h) + D x
--
-- A. Orvieto, S. L. Smith, A. Gu, A. Fernando, C. Gulcehre, R. Pascanu & S. De, "Resurrecting recurrent neural
-- networks for long sequences", ICML 2023. |lambda| < 1 whatever nu is. Here h is a pair of real vectors, re and im, and
-- C h the product with both. The paper draws lambda from a ring of the plane; here moduli and angles of a
-- ring are spread evenly, since a spec draws nothing itself. gamma follows lambda; there it is learned apart.
local o = options { input = 1, output = 1, width = 12, state = 8, layers = 2, inner = 0.6, outer = 0.99, angle = 1.57 }

local nu, theta = {}, {}
for j = 1, o.state do
  local even, golden = (j - 0.5) / o.state, j * 0.6180339887498949 % 1
  nu[j] = math.log(-0.5 * math.log(o.inner ^ 2 + even * (o.outer ^ 2 - o.inner ^ 2)))
  theta[j] = math.log(o.angle * math.max(golden, 0.01))
end

local function block(width, n)
  return module {
    params = {
      nu = param({ n }, nu), theta = param({ n }, theta), B = { 2 * n, width }, C = { width, 2 * n }, D = { width },
      up = nn.linear(width, 2 * width), down = nn.linear(2 * width, width),
    },
    state  = { re = { n }, im = { n } },
    step   = function(p, x, s)
      local modulus, angle = exp(-exp(p.nu)), exp(p.theta)
      local c, d = modulus * cos(angle), modulus * sin(angle)
      local re, im = split(p.B(x), 2)
      local gamma = sqrt(1 - square(modulus))
      local new = { re = c * s.re - d * s.im + gamma * re, im = d * s.re + c * s.im + gamma * im }
      local y = p.C(concat { new.re, new.im }) + p.D * x
      return x + p.down(gelu(p.up(y))), new
    end,
  }
end

local blocks = {}
for i = 1, o.layers do blocks["block" .. i] = block(o.width, o.state) end

return model {
  input  = { u = real(o.input) },
  target = { y = real(o.output) },
  params = { embed = nn.linear(o.input, o.width), blocks = blocks, head = nn.linear(o.width, o.output) },
  step   = function(p, x, s)
    local h, new = p.embed(x.u), {}
    for i = 1, o.layers do
      local name = "block" .. i
      h, new[name] = p.blocks[name](h, s.blocks[name])
    end
    return { y = p.head(h) }, { blocks = new }
  end,
  loss   = mse,
  tbptt  = { k1 = 16, k2 = 48 },
  train  = { optimizer = adam { lr = 3e-3 }, schedule = cosine { floor = 0.05 }, clip_norm = 1 },
}
