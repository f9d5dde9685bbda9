-- expect: tests/bad/library_tonumber.lua:8: tonumber: argument 1 is W(x) of shape {8}; it has no number before the model runs
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tonumber(p.W(x)) or s.h
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
