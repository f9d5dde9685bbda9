-- expect: tests/bad/library_concat.lua:8: table.concat: element 1 is W(x) of shape {8}; concat { a, b } joins values of the model
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = table.concat { p.W(x), s.h }
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
