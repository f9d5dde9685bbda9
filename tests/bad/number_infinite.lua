-- expect: tests/bad/number_infinite.lua:8: /: a number is inf; numbers must be finite
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.W(x) / (1 / 0)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
