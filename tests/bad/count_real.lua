-- expect: tests/bad/count_real.lua:8: real: argument 2 is 2; it is a table of options: real(shape [, { raw = false }]); a value of several dimensions is real { h, w }
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = real(4, 2)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
