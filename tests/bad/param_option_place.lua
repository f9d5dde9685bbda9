-- expect: tests/bad/param_option_place.lua:5: param: the initial value is a table of options; they come third, param(shape, init, { ... })
return model {
  input = real(4),
  target = real(8),
  params = { W = param({ 8, 4 }, { trainable = false }) },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
