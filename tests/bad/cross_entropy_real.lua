-- expect: tests/bad/cross_entropy_real.lua:2: cross_entropy: the target is {8}, not a token; target = token(n) declares one
return model {
  input = real(4),
  target = real(8),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = cross_entropy,
  tbptt = { k1 = 1, k2 = 4 },
}
