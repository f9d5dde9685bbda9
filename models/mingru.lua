-- models/mingru.lua: the minimal GRU, whose gates see the input alone, so that the state's equation is linear in it.
--
--   z  = sigmoid(W_z x + b_z)               update gate
--   n  = W_n x + b_n                        candidate
--   h' = (1 - z) h + z n
--
-- L. Feng, F. Tung, M. O. Ahmed, Y. Bengio & H. Hajimirsadeghi, "Were RNNs all we needed?" (2024). What a gate
-- does not see of its own state it sees of the layer below: layers are stacked, each with a network that follows it and
-- around both a path past them, as in the paper's blocks. b_z begins at -2: a new net remembers some ten steps.
local o = options { input = 1, output = 1, width = 16, layers = 2 }

local function block(width)
  return module {
    params = {
      Wz = { width, width }, bz = param({ width }, -2), Wn = { width, width }, bn = { width },
      up = nn.linear(width, 2 * width), down = nn.linear(2 * width, width),
    },
    state  = { h = { width } },
    step   = function(p, x, s)
      local z = sigmoid(p.Wz(x) + p.bz)
      local h = (1 - z) * s.h + z * (p.Wn(x) + p.bn)
      return x + p.down(gelu(p.up(h))), { h = h }
    end,
  }
end

local blocks = {}
for i = 1, o.layers do blocks["block" .. i] = block(o.width) end

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
