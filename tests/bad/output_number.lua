-- expect: tests/bad/output_number.lua:7: the step returned 1 as its output; it must be a value of the model or a table of such by name
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return 1, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
