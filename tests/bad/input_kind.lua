-- expect: tests/bad/input_kind.lua:2: input: a name is at most 63 letters, digits and _, and does not begin with a digit; this is 1
return model {
  input = { 4 },
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
