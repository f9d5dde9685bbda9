-- expect: tests/bad/option_unknown.lua: -D hiden=3: the spec has no option hiden; its options are hidden, layers
-- args: -D hiden=3
local o = options { hidden = 8, layers = 1 }
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
