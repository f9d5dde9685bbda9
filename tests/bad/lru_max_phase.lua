-- expect: tests/bad/lru_max_phase.lua:5: nn.lru: max_phase is 7; it must be a number above 0, and 2 pi at most
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lru(4, 8, { max_phase = 7 }) },
  step = function(p, x, s) return x, {} end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
