-- expect: tests/bad/global_module.lua:3: seen is assigned to a global in the step; write local seen, and return as state what the next step is to see
local cell = module { params = { W = { 8, 4 } }, step = function(p, x)
  seen = p.W(x)
  return seen
end }

return model {
  input = real(4), target = real(8), params = { f = cell },
  step = function(p, x) return p.f(x) end,
  loss = mse, tbptt = { k1 = 1, k2 = 4 },
}
