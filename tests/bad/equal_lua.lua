-- expect: tests/bad/equal_lua.lua:8: Lua's == cannot compare values of the model; eq(a, b) can, and rawequal(a, b) says whether both are one
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = p.W(x) == s.h and x or s.h
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
