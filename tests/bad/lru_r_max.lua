-- expect: tests/bad/lru_r_max.lua:5: nn.lru: r_max is 1.5; it must be a number above 0, and 1 at most
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lru(4, 8, { r_max = 1.5 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
