-- expect: tests/bad/pool_size.lua:6: avg_pool takes 2 or 3 arguments, avg_pool(x, size [, { stride = ..., pad = 0 }]); it was given 1
return model {
  input = real { 2, 6, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return avg_pool(x), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
