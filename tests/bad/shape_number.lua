-- expect: tests/bad/shape_number.lua:2: params.W is 8; it must be a shape such as { 32 }: { 8 }
return model {
  input = real(4),
  target = real(8),
  params = { W = 8 },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
