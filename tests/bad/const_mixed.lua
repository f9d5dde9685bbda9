-- expect: tests/bad/const_mixed.lua:2: const: the numbers have a table at [2], where others have a number
local A = const({ 1, { 2 } })
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
