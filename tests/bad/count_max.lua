-- expect: tests/bad/count_max.lua:8: max takes 2 or more arguments, max(a, b, ...); it was given 1; it compares values element by element; max_pool finds the largest elements of one
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = max(p.W(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
