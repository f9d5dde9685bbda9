-- expect: tests/bad/global_loss.lua:8: e is assigned to a global in the loss; write local e
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return (function() e = y - target; return mean(square(e)) end)()
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
