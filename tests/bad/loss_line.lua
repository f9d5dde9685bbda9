-- expect: tests/bad/loss_line.lua:13: sum: matmul(...) is a scalar; it has no dimensions
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = function(y, target)
    local d = y - target
    return sum(matmul(d, d), 1)
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
