-- expect: tests/bad/finaliser.lua:2: setmetatable: __gc and __mode are not available in a spec
setmetatable({}, { __gc = print })
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
