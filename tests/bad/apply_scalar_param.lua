-- expect: tests/bad/apply_scalar_param.lua:8: w(x): w is {}; only a matrix can be applied
return model {
  input = real(4),
  target = real(8),
  params = { w = {} },
  state = { h = { 8 } },
  step = function(p, x, s)
    local y = p.w(x)
    return y, { h = y }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
