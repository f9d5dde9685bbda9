-- h' = tanh(W x + U h + b) (Elman, 1990).
return require("frame").cell(function(input, hidden)
  return module {
    params = { W = param({ hidden, input }, glorot), U = param({ hidden, hidden }, glorot), b = { hidden } },
    state  = { h = { hidden } },
    step   = function(p, x, s)
      local h = tanh(p.W(x) + p.U(s.h) + p.b)
      return h, { h = h }
    end,
  }
end)
