-- Modules made of modules, and what looks at the steps of a window: nn.stack in a step and in a stack, nn.backward of a stack and
-- nn.bidirectional of layers with states of several kinds, nn.attention by the newest step and by another query.
local o = options { batch = 1, k2 = 4, overlap = "recompute" }

local counting = module {
  params = { U = { 3, 3 }, inner = nn.gru(3, 2) },
  state  = { c = init({ 3 }, 0.5), d = init({ 2 }, { 0.1, -0.2 }), deep = { m = { 3 } } },
  step   = function(p, x, s)
    local m = tanh(p.U(x) + 0.5 * s.deep.m)
    local y, inner = p.inner(m + s.c, s.inner)
    return y + s.d, { c = 0.5 * s.c + m, d = tanh(s.d + y), deep = { m = m }, inner = inner }
  end,
}

return model {
  input  = { x = real(3), word = token(5) },
  target = real(2),
  params = {
    layers = nn.stack { nn.lstm(3, 4), tanh, nn.dropout(0.25), { top = nn.stack { nn.rnn(4, 3), param(nn.linear(3, 3), { lr = 0.5 }) } } },
    words  = nn.stack { { embed = nn.embedding(5, 3) }, nn.linear(3, 3), sigmoid },
    back   = nn.backward(nn.stack { nn.gru(3, 3), { more = counting } }),
    both   = nn.bidirectional(nn.lstm(3, 2, { layers = 2, dropout = 0.1 })),
    counts = nn.bidirectional(counting),
    look   = nn.attention(4, { heads = 2, dropout = 0.2 }),
    plain  = nn.attention(3, { bias = false }),
    added  = nn.attention(4, { score = "additive" }),
    alone  = nn.attention(4, { score = "additive", bias = false, dropout = 0.1 }),
    head   = { 2, 27 },
  },
  step   = function(p, x, s)
    local y, layers = p.layers(x.x + p.words(x.word), s.layers)
    local both, next_both = p.both(y, s.both)
    local counts, next_counts = p.counts(y, s.counts)
    return { x = x.x, y = y, both = both, counts = counts }, { layers = layers, both = next_both, counts = next_counts }
  end,
  window = function(p, ys)
    local x, y, both, counts = {}, {}, {}, {}
    for t = 1, #ys do x[t], y[t], both[t], counts[t] = ys[t].x, ys[t].y, ys[t].both, ys[t].counts end
    local back, twins, four = p.back(x), p.both(y, both), p.counts(y, counts)
    return tanh(p.head(concat {
      back[1], back[3], twins[2], four[1], p.look(twins), p.plain(y), p.added(four, concat { back[2], both[1] }),
      p.alone(stack(twins), four[#four]),
    }))
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = o.k2, batch = o.batch, overlap = o.overlap },
}
