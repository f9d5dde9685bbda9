-- expect: tests/bad/quantile_token.lua:7: quantile: the target is target, a token; it must be one value of real numbers
return model {
  input = real(4),
  target = token(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target) return quantile(y, target, { 0.5 }) end,
  tbptt = { k1 = 1, k2 = 4 },
}
