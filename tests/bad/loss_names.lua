-- expect: tests/bad/loss_names.lua:2: mse: there is no target for the output b
return model {
  input = real(4),
  target = { a = real(8), c = real(8) },
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return { a = h, b = h }, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
