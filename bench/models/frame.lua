-- frame.lua: what stands around the cells of this folder, so that a spec is its cell and nothing else.
--
-- Sizes are options: `-D input=8 -D hidden=32 -D output=2 -D layers=1`, and with `-D vocab=65` the input is a
-- token that is looked up in a table of vectors of `input`, the target a token. `-D k1= -D k2= -D batch=`.
local frame = {}

local o = options { input = 8, hidden = 32, output = 2, layers = 1, vocab = 0, k1 = 16, k2 = 16, batch = 1 }

-- `rnn` is a module with all its layers, y, new = p.rnn(x, s.rnn).
local function around(rnn)
  local words = o.vocab > 0
  return model {
    input  = words and token(o.vocab) or real(o.input),
    target = words and token(o.output) or real(o.output),
    params = {
      embed = words and nn.embedding(o.vocab, o.input) or nil,
      rnn   = rnn,
      head  = nn.linear(o.hidden, o.output),
    },
    step   = function(p, x, s)
      local h, new = p.rnn(words and p.embed(x) or x, s.rnn)
      return p.head(h), { rnn = new }
    end,
    loss   = words and cross_entropy or mse,
    tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch },
    train  = { optimizer = sgd { lr = 1e-3 } },
  }
end

-- A layer of ours: cell(input, hidden) is a module whose state has h, its output.
local function stacked(cell)
  local params = {}
  for l = 1, o.layers do params[l] = cell(l == 1 and o.input or o.hidden, o.hidden) end
  return module {
    params = params,
    step   = function(p, x, s)
      local new = {}
      for l = 1, o.layers do x, new[l] = p[l](x, s[l]) end
      return x, new
    end,
  }
end

-- A module of nn's, which has layers of its own.
function frame.library(make) return around(make(o.input, o.hidden, { layers = o.layers })) end

function frame.cell(cell) return around(stacked(cell)) end

return frame
