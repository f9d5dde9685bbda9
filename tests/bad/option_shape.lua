-- expect: tests/bad/option_shape.lua:4: params.W: dimension 1 of the shape is 2.5; it must be a whole number >= 1
-- args: -D hidden=2.5
local o = options { hidden = 8 }
return model {
  input = real(4),
  target = real(8),
  params = { W = { o.hidden, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
