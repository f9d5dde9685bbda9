-- The LSTM as one writes it from the formulas: four gates, eight matrices. The same function as nn.lstm, and to
-- be as fast.
return require("frame").cell(function(input, hidden)
  local first = uniform(1 / math.sqrt(hidden))
  local function W() return param({ hidden, input }, first) end
  local function U() return param({ hidden, hidden }, first) end
  local function b() return param({ hidden }, first) end
  return module {
    params = { Wi = W(), Wf = W(), Wg = W(), Wo = W(), Ui = U(), Uf = U(), Ug = U(), Uo = U(),
               bi = b(), bf = b(), bg = b(), bo = b() },
    state  = { h = { hidden }, c = { hidden } },
    step   = function(p, x, s)
      local i = sigmoid(p.Wi(x) + p.Ui(s.h) + p.bi)
      local f = sigmoid(p.Wf(x) + p.Uf(s.h) + p.bf)
      local g = tanh(p.Wg(x) + p.Ug(s.h) + p.bg)
      local o = sigmoid(p.Wo(x) + p.Uo(s.h) + p.bo)
      local c = f * s.c + i * g
      local h = o * tanh(c)
      return h, { h = h, c = c }
    end,
  }
end)
