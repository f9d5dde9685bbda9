-- expect: tests/bad/foreign_option_name.lua:5: nn.lstm has no field num_layers; did you mean layers?
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { num_layers = 2 }) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
