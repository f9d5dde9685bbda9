-- expect: tests/bad/set_module.lua:5: this module cannot be changed after it was made
return model {
  input = real(4),
  target = real(8),
  params = { f = (function() local f = nn.linear(4, 8); f.step = tanh; return f end)() },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
