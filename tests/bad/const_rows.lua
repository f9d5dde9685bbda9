-- expect: tests/bad/const_rows.lua:8: embedding: const(...) has 3 rows but x takes 4 values
return model {
  input = token(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(embedding(const { { 1, 2 }, { 3, 4 }, { 5, 6 } }, x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
