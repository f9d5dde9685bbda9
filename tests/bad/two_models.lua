-- expect: tests/bad/two_models.lua:5: a spec describes one model; this is the second, the first is at tests/bad/two_models.lua:2
local function make() return model { params = { w = param({ 1 }, 1) }, state = { x = { 1 } },
  step = function(p, _, s) return s.x, { x = s.x } end, loss = function(y) return sum(y * 2) end, tbptt = { k1 = 1, k2 = 1 } } end
make()
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
