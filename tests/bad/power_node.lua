-- expect: tests/bad/power_node.lua:8: ^: the exponent is W(x) of shape {8}; it must be a number. a ^ b is exp(b * log(a))
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = 2 ^ p.W(x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
