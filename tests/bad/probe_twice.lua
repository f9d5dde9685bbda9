-- expect: tests/bad/probe_twice.lua:9: probe: there is a probe h already, at tests/bad/probe_twice.lua:8
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = probe('h', p.W(x))
    return probe('h', h), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
