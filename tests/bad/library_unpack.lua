-- expect: tests/bad/library_unpack.lua:8: unpack: argument 1 is W(x) of shape {8}; split(x, n) gives parts of a value
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = stack { unpack(p.W(x)) }
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
