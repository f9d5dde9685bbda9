-- expect: tests/bad/param_name.lua:2: params: a name is at most 63 letters, digits and _, and does not begin with a digit; this is 'my W'
return model {
  input = real(4),
  target = real(8),
  params = { ['my W'] = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
