-- expect: tests/bad/class_ignore.lua:8: cross_entropy: ignore is -100; it must be a whole number from 0 to 7; it is a value of the target
return model {
  input = real(4),
  target = token(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return cross_entropy(y, target, { ignore = -100 })
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
