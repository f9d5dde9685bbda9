-- expect: tests/bad/mse_option.lua:8: mse has no field reduction; did you mean reduce?
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return mse(y, target, { reduction = "sum" })
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
