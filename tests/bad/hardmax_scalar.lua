-- expect: tests/bad/hardmax_scalar.lua:8: hardmax: sum(...) is a scalar
return model {
  input = { x = real(4), word = token(3) },
  target = real(3),
  params = { W = { 3, 4 } },
  state = { y = { 3 } },
  step = function(p, x, s)
    local y = hardmax(sum(x.x)) * s.y
    return y, { y = y }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
