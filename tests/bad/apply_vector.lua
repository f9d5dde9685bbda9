-- expect: tests/bad/apply_vector.lua:8: b(x): b is {8}; only a matrix can be applied
return model {
  input = real(4),
  target = real(8),
  params = { b = { 8 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.b(x)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
