-- expect: tests/bad/where_comparison.lua:8: where: the condition is false; gt, ge, lt, le and eq compare values of the model, Lua's operators do not
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = where(s.h == 0, p.W(x), s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
