-- expect: tests/bad/library_misspelt.lua:8: math.flor is not available in a spec; did you mean floor?
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = math.flor(3) * s.h
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
