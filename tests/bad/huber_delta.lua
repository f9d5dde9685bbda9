-- expect: tests/bad/huber_delta.lua:8: huber: argument 3 is 0.1; it is a table of options: huber(y, target [, { delta = 1, reduce = "mean" }])
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  step = function(p, x) return p.W(x) end,
  loss = function(y, target)
    return huber(y, target, 0.1)
  end,
  tbptt = { k1 = 1, k2 = 4 },
}
