-- expect: tests/bad/real_raw.lua:4: real: raw is 1; it must be true or false
return model {
  input = real(4),
  target = real(8, { raw = 1 }),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
