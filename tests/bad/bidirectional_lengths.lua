-- expect: tests/bad/bidirectional_lengths.lua:12: nn.bidirectional: there are 2 values to read and 4 that ran forward
local params = {
  f = nn.bidirectional(nn.gru(4, 3)),
}
return model {
  input = real(4),
  target = real(3),
  params = params,
  step = function(p, x, s)
    local h, f = p.f(x, s.f) return { x = x, h = h }, { f = f }
  end,
  window = function(p, ys) return p.f({ ys[1].x, ys[2].x }, { ys[1].h, ys[2].h, ys[3].h, ys[4].h })[1] end,
  loss = mse,
  tbptt = { k1 = 1, k2 = 4 },
}
