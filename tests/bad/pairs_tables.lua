-- expect: tests/bad/pairs_tables.lua:2: a table is a key here; only numbers and strings have an order
for k in pairs({ [{}] = 1 }) do print(k) end
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
