-- expect: tests/bad/require_path.lua:2: require takes a name such as "layers" or "lib.layers": a file beside the spec
local layers = require "../secrets"
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
