-- expect: tests/bad/option_boolean.lua:3: -D bias=1: bias is true here, so -D must give it a boolean
-- args: -D bias=1
local o = options { bias = true }
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
