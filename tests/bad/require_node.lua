-- expect: tests/bad/lib/cells.lua:4: W(s.h): W is {8, 4} but s.h is {8}; W takes a vector of 4
local layers = require "lib.cells"
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = layers.cell(p, x, s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
