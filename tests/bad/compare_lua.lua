-- expect: tests/bad/compare_lua.lua:9: Lua's < and > cannot compare values of the model; lt, le, gt, ge can
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = s.h
    if h < p.W(x) then h = x end
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
