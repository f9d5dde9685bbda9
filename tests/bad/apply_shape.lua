-- expect: tests/bad/apply_shape.lua:8: W(x): W is {32, 8} but x is {4}; W takes a vector of 8
return model {
  input = real(4),
  target = real(8),
  params = { W = { 32, 8 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
