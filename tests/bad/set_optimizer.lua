-- expect: tests/bad/set_optimizer.lua:3: this optimizer cannot be changed after it was made
local optimizer = adam {}
optimizer.lr = 1e-4
return optimizer
