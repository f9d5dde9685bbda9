-- expect: tests/bad/lib/broken.lua:2: attempt to perform arithmetic on a nil value (field 'total')
local layers = require "lib.broken"
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
