-- expect: tests/bad/param_init_vector.lua:5: param: orthogonal is for matrices, not for {8}
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, b = param({ 8 }, orthogonal) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
