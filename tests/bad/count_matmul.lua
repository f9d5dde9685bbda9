-- expect: tests/bad/count_matmul.lua:8: matmul takes 2 arguments, matmul(a, b); it was given 3; products of three are matmul(matmul(a, b), c)
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = matmul(p.W, x, p.W)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
