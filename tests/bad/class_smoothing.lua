-- expect: tests/bad/class_smoothing.lua:8: cross_entropy has no field label_smoothing; did you mean smoothing?
return model {
  input = real(4),
  target = token(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return cross_entropy(y, target, { label_smoothing = 0.1 })
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
