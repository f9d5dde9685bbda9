-- expect: tests/bad/user_error_table.lua:8: the spec raised an error that is a table; error takes a sentence
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    error({ 1 })
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
