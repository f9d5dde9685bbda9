-- expect: tests/bad/constrain_norm.lua:5: param: constrain.max_norm is 0; it must be a number above 0
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { constrain = { max_norm = 0 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
