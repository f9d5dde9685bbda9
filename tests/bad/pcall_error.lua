-- expect: tests/bad/pcall_error.lua:9: caught: tests/bad/pcall_error.lua:8: W(s.h): W is {8, 4} but s.h is {8}; W takes a vector of 4
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local ok, why = pcall(function() return p.W(s.h) end)
    error('caught: ' .. why)
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
