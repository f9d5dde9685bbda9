-- expect: tests/bad/library_string.lua:8: string.rep: argument 2 is W(x) of shape {8}; it works on strings, and tostring(x) makes one
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = ("h"):rep(p.W(x))
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
