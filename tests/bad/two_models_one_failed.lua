-- expect: tests/bad/two_models_one_failed.lua:6: a spec describes one model; this is the second, the first is at tests/bad/two_models_one_failed.lua:2
local ok = pcall(model, {
  input = real(1), target = real(1), params = { w = { 1 } }, state = { h = { 2 } },
  step = function() error("no") end, loss = mse, tbptt = { k1 = 1, k2 = 2 },
})
return model {
  input = real(2), target = real(1), params = { v = { 1, 2 } },
  step = function(p, x) return p.v(x) end, loss = mse, tbptt = { k1 = 1, k2 = 2 },
}
