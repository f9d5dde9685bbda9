-- expect: tests/bad/huge_value.lua:8: reshape: W is {8, 4}, 32 elements, but {267386880, 1, 1, 1} has 267386880
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = sum(stack { reshape(p.W, { 2^28 - 2^20, 1, 1, 1 }) })
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
