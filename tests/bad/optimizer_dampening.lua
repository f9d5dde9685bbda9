-- expect: tests/bad/optimizer_dampening.lua:2: sgd: dampening is of the momentum, and there is none
return sgd { lr = 0.1, dampening = 0.5 }
