-- expect: tests/bad/state_token.lua:7: the step returned the token x as the next state h
return model {
  input = token(10),
  target = real(8),
  params = { w = { 8 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    return p.w, { h = x }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
