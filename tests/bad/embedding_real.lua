-- expect: tests/bad/embedding_real.lua:8: embedding: argument 2 is x of shape {4}; it must be a token
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = embedding(p.W, x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
