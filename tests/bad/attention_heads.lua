-- expect: tests/bad/attention_heads.lua:3: nn.attention: the width 4 does not divide into 3 heads
local params = {
  f = nn.attention(4, { heads = 3 }),
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
