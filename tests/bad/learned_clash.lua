-- expect: tests/bad/learned_clash.lua:2: there are two parameters called init.h
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 }, init = { h = { 8 } } },
  state = { h = learned({ 8 }) },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
