-- expect: tests/bad/nil_arithmetic.lua:9: +: argument 2 is nil; it must be a value of the model or a number
local bias
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.W(x) + bias
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
