-- expect: tests/bad/library_max.lua:8: math.max: argument 1 is W(x) of shape {8}; math works on numbers; write max(a, b, ...)
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = math.max(p.W(x), 0)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
