-- The LSTM with layer normalisation of both products and of the cell (J. L. Ba, J. R. Kiros & G. E. Hinton,
-- "Layer normalization", 2016, appendix).
return require("frame").cell(function(input, hidden)
  local first = uniform(1 / math.sqrt(hidden))
  return module {
    params = {
      W = param({ 4 * hidden, input }, first), U = param({ 4 * hidden, hidden }, first),
      x = nn.layer_norm(4 * hidden), h = nn.layer_norm(4 * hidden), c = nn.layer_norm(hidden),
    },
    state  = { h = { hidden }, c = { hidden } },
    step   = function(p, x, s)
      local i, f, g, o = split(p.x(p.W(x)) + p.h(p.U(s.h)), 4)
      local c = sigmoid(f) * s.c + sigmoid(i) * tanh(g)
      local h = sigmoid(o) * tanh(p.c(c))
      return h, { h = h, c = c }
    end,
  }
end)
