-- expect: tests/bad/cross_entropy_vocab.lua:2: cross_entropy: the output is {8} but the target takes 10 values; it must be {10}, logits
return model {
  input = real(4),
  target = token(10),
  params = { W = { 8, 4 } },
  state = { h = { 8 } },
  step = function(p, x, s)
    local h = tanh(p.W(x) + s.h)
    return h, { h = h }
  end,
  loss = cross_entropy,
  tbptt = { k1 = 1, k2 = 4 },
}
