-- expect: tests/bad/constrain_start_row.lua:5: params.W starts with a row whose norm is 5, outside of its constraint, at most 1
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 2, 2 }, { { 0.5, 0.5 }, { 3, 4 } }, { constrain = { max_norm = 1 } }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
