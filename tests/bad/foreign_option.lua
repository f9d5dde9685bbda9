-- expect: tests/bad/foreign_option.lua:5: nn.lstm has no field proj_size; did you mean projection?
return model {
  input = real(4),
  target = real(8),
  params = { f = nn.lstm(4, 8, { proj_size = 2 }) },
  step = function(p, x) return p.f(x) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
