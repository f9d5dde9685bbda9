-- expect: tests/bad/user_error.lua:8: this cell takes eight inputs
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    if x.shape[1] ~= 8 then error('this cell takes eight inputs') end
    return x, { h = x }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
