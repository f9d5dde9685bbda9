-- expect: tests/bad/learn_counts_all.lua: learn = 'rtrl' sees each step once, and loss = 'all' with k1 = 2 and k2 = 8 counts steps in several windows; loss = 'new' counts each once
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
  tbptt = { k1 = 2, k2 = 8, loss = "all", learn = "rtrl" },
}
