-- expect: tests/bad/nil_operand.lua:9: sigmoid: argument 1 is nil; it must be a value of the model or a number
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h, c = tanh(p.W(x))
    return sigmoid(c), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
