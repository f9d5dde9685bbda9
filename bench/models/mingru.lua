-- The minimal GRU: z = sigmoid(W_z x), h' = (1 - z) h + z (W_h x). No product hangs on the state (L. Feng et al.,
-- "Were RNNs all we needed?", 2024).
return require("frame").cell(function(input, hidden)
  return module {
    params = { z = nn.linear(input, hidden), h = nn.linear(input, hidden) },
    state  = { h = { hidden } },
    step   = function(p, x, s)
      local z = sigmoid(p.z(x))
      local h = (1 - z) * s.h + z * p.h(x)
      return h, { h = h }
    end,
  }
end)
