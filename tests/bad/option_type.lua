-- expect: tests/bad/option_type.lua:3: -D hidden=many: hidden is 8 here, so -D must give it a number
-- args: -D hidden=many
local o = options { hidden = 8 }
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
