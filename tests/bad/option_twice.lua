-- expect: tests/bad/option_twice.lua:3: options: hidden is declared already
local a = options { hidden = 8 }
local b = options { hidden = 9 }
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
