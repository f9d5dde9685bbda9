-- expect: tests/bad/constrain_both.lua:5: param: constrain is a norm and bounds; it is { min =, max = }, one of them or both, or { max_norm = }
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, glorot, { constrain = { max_norm = 1, min = 0 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
