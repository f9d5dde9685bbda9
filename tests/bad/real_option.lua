-- expect: tests/bad/real_option.lua:4: real has no field row; did you mean raw?
return model {
  input = real(4),
  target = real(8, { row = true }),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
