-- expect: tests/bad/loss_token_target.lua:2: mse: the target is a token; use cross_entropy
return model {
  input = real(4),
  target = token(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
