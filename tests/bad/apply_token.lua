-- expect: tests/bad/apply_token.lua:8: W(x): x is a token; embedding(W, x) turns it into a vector
return model {
  input = token(10),
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
