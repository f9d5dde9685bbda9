-- expect: tests/bad/foreign_layer.lua:5: nn.MultiheadAttention: there is no such module; write matmul(softmax(matmul(M, h)), M) over the rows of M
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.MultiheadAttention(4, 8) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
