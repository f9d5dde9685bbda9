-- expect: tests/bad/learn_diagonal.lua: learn = 'diagonal' is for recurrences in which no element of a state moves another of it: here what U does to an element of h is carried to others; 'snap1' leaves that out, 'rtrl' carries all
return model {
  input = real(4),
  target = real(1),
  params = { W = { 3, 4 }, U = { 3, 3 }, V = { 1, 3 } },
  state = { h = { 3 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4, learn = "diagonal" },
  train = { optimizer = adam {} },
}
