-- expect: tests/bad/embedding_rows.lua:8: embedding: E has 50 rows but x takes 100 values
return model {
  input = token(100),
  target = real(8),
  params = { E = { 50, 8 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = embedding(p.E, x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
