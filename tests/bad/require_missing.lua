-- expect: tests/bad/require_missing.lua:2: cannot read tests/bad/no_such_file.lua: No such file or directory
local layers = require "no_such_file"
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
