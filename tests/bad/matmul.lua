-- expect: tests/bad/matmul.lua:8: matmul: W is {8, 4} but s.h is {8}; the last dimension of the first must be the first of the second
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = matmul(p.W, s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
