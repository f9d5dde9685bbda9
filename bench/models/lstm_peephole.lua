-- The LSTM whose gates see the cell (F. Gers, N. Schraudolph & J. Schmidhuber, "Learning precise timing with LSTM
-- recurrent networks", 2002): i and f the old one, o the new one, element by element.
return require("frame").cell(function(input, hidden)
  local first = uniform(1 / math.sqrt(hidden))
  return module {
    params = {
      W = param({ 4 * hidden, input }, first), U = param({ 4 * hidden, hidden }, first),
      b = param({ 4 * hidden }, first),
      pi = param({ hidden }, first), pf = param({ hidden }, first), po = param({ hidden }, first),
    },
    state  = { h = { hidden }, c = { hidden } },
    step   = function(p, x, s)
      local i, f, g, o = split(p.W(x) + p.U(s.h) + p.b, 4)
      local c = sigmoid(f + p.pf * s.c) * s.c + sigmoid(i + p.pi * s.c) * tanh(g)
      local h = sigmoid(o + p.po * c) * tanh(c)
      return h, { h = h, c = c }
    end,
  }
end)
