-- expect: tests/bad/pool_pair.lua:6: max_pool: the size is a list of 2; it must be one number
return model {
  input = real { 2, 6 },
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return max_pool(x, { 2, 2 }), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
