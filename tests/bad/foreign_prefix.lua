-- expect: tests/bad/foreign_prefix.lua:8: torch is not defined: the operations have no prefix, tanh(x); modules are nn.NAME
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = torch.tanh(p.W(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
