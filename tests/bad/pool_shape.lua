-- expect: tests/bad/pool_shape.lua:6: max_pool: x is {4}; it takes {channels, length} or {channels, height, width}
return model {
  input = real(4),
  params = { W = { 8, 2, 3, 3 }, b = { 8 } },
  step = function(p, x)
    return max_pool(x, 2), {}
  end,
  loss = function(y) return sum(y) end,
  tbptt = { k1 = 1, k2 = 4 },
}
