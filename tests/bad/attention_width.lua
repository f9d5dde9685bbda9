-- expect: tests/bad/attention_width.lua:12: nn.attention: what is looked at is {4, 4}; it is a list of vectors of 8, or a matrix of as many columns
local params = {
  f = nn.attention(8),
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return x, {}
  end,
  window = function(p, ys) return p.f(ys) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
