-- expect: tests/bad/loss_named_list.lua:11: the loss returned a loss under 1; losses have names, { word = ... }
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = function(y, target) return { mse(y, target) } end,
  tbptt = { k1 = 1, k2 = 4 },
}
