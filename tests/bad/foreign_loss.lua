-- expect: tests/bad/foreign_loss.lua:8: nn.MSELoss: there is no such module; write mse(y, target)
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return nn.MSELoss(y, target)
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
