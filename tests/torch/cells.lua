-- A cell of nn's beside PyTorch's three, or a variant of nn.lstm, with a linear head. cells.py has each of them as its
-- paper writes it.
local o = options { cell = "mgu", layers = 1, k1 = 8, k2 = 8, batch = 3, learn = "tbptt", bias = true, zone = 0 }

local variants = {
  peephole = { peephole = true }, norm = { layer_norm = true }, projection = { projection = 4 },
  coupled = { coupled = true }, zoneout = { zoneout = { h = o.zone, c = 2 * o.zone } },
  all = { peephole = true, layer_norm = true, projection = 4, coupled = true },
  euler = { dt = 0.5, tau = 3 }, fixed = { train_tau = false, tau = { 2, 3, 4, 5, 6, 7, 8, 9 }, nonlinearity = "sigmoid" },
  clockwork = { periods = { 1, 2, 5, 6 } }, indrnn_tanh = { nonlinearity = "tanh" }, lru = { state = 6 },
  esn = { leak = 0.3, radius = 0.8, input_scale = 0.5 },
}
local modules = { euler = "ctrnn", fixed = "ctrnn", indrnn_tanh = "indrnn" }

local how = variants[o.cell] or {}
local one = o.cell == "lru" or o.cell == "esn" -- no layers
if not one then how.layers = o.layers end
if o.cell ~= "lru" then how.bias = o.bias end
local make = nn[modules[o.cell] or (variants[o.cell] and not (o.cell == "clockwork" or one)) and "lstm" or o.cell]

return model {
  input  = real(5),
  target = real(3),
  params = { rnn = make(5, 8, how), head = nn.linear((o.cell == "projection" or o.cell == "all") and 4 or 8, 3) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch, learn = o.learn },
}
