-- A recurrent cell that is normalised before its tanh and after it, with a learned first state.
local o = options { k1 = 8, k2 = 8 }

return model {
  input  = real(4),
  target = real(2),
  params = {
    W = { 6, 4 }, U = { 6, 6 },
    norm = nn.layer_norm(6), out = nn.layer_norm(6), head = nn.linear(6, 2),
  },
  state  = { h = learned { 6 } },
  step   = function(p, x, s)
    local h = tanh(p.norm(p.W(x) + p.U(s.h)))
    return p.head(p.out(h + s.h)), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = 3 },
  train  = { optimizer = adam { lr = 3e-3, betas = { 0.8, 0.99 }, weight_decay = 0.01 } },
}
