-- expect: tests/bad/library_insert.lua:8: table.insert: argument 1 is W(x) of shape {8}; it takes a table
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = table.insert(p.W(x), s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
