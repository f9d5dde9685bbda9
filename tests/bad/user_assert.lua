-- expect: tests/bad/user_assert.lua:8: eight inputs are needed
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    assert(x.shape[1] == 8, 'eight inputs are needed')
    return x, { h = x }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
