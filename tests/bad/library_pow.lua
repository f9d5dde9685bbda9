-- expect: tests/bad/library_pow.lua:8: math.pow is not available in a spec; write x ^ n, n a number
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = math.pow(p.W(x), 2)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
