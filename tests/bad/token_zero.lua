-- expect: tests/bad/token_zero.lua:3: token: the number of values is 0; it must be a whole number from 1 to 16777216
return model {
  input = token(0),
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
