-- expect: tests/bad/init_random.lua:6: init: a state starts at a number or a table of numbers; learned(shape, init) starts at a parameter
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = init({ 8 }, normal(1)) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
