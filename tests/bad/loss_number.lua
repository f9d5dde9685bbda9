-- expect: tests/bad/loss_number.lua:11: the loss returned 0; it must return a scalar of the model, or a table of such by name
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = function(y, target) return 0 end,
  tbptt = { k1 = 1, k2 = 4 },
}
