-- expect: tests/bad/pool_pad.lua:6: max_pool: a pad of {2, 2} is more than half of a window of {3, 3}
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return max_pool(x, 3, { pad = 2 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
