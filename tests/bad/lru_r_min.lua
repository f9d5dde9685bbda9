-- expect: tests/bad/lru_r_min.lua:5: nn.lru: r_min is 0.9; it must be a number from 0, and below r_max = 0.9
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lru(4, 8, { r_min = 0.9, r_max = 0.9 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
