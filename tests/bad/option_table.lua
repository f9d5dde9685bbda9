-- expect: tests/bad/option_table.lua:2: options: hidden is a table; an option is a number, a string or a boolean
local o = options { hidden = { 8 } }
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
