-- expect: tests/bad/attention_query.lua:12: nn.attention: the query is {2}; it is a vector of 4
local params = {
  f = nn.attention(4),
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    return x, {}
  end,
  window = function(p, ys) return p.f(ys, slice(ys[1], 1, 2)) end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
