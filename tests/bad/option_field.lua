-- expect: tests/bad/option_field.lua:6: options: there is no option hiden; did you mean hidden?
local o = options { hidden = 8 }
return model {
  input = real(4),
  target = real(8),
  params = { W = { o.hiden, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
