-- expect: tests/bad/class_weight.lua:8: cross_entropy: weight is a list of 2; it must be a list of 8 numbers, one for each token
return model {
  input = real(4),
  target = token(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return cross_entropy(y, target, { weight = { 1, 2 } })
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
