-- expect: tests/bad/pool_fit.lua:6: avg_pool: a window of {2, 7} does not fit into x, which is {2, 6, 6}, with a pad of {0, 0}
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return avg_pool(x, { 2, 7 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
