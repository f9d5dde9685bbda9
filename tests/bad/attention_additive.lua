-- expect: tests/bad/attention_additive.lua:3: nn.attention: score = 'additive' has one head, not 2
local params = {
  f = nn.attention(4, { heads = 2, score = 'additive' }),
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return x, {}
  end,
  window = function(p, ys) return ys[4] end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
