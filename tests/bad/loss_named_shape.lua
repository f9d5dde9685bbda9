-- expect: tests/bad/loss_named_shape.lua:11: the loss returned square(...) of shape {8} as fit; it must be a scalar: use sum or mean
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = function(y, target) return { fit = square(y) } end,
  tbptt = { k1 = 1, k2 = 4 },
}
