-- expect: tests/bad/foreign_layer.lua:5: nn.MultiheadAttention: there is no such module; write nn.attention(width, { heads = 4 })
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.MultiheadAttention(4, 8) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
