-- expect: tests/bad/library_floor.lua:8: math.floor: argument 1 is W(x) of shape {8}; math works on numbers; there is no such operation
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = math.floor(p.W(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
