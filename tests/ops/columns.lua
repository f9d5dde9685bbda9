-- Matrices that stand by columns (compiler/schedule/columns.h), and some that do not: nn.lstm's; four gates' by their
-- names, whose rows alternate; one that is frozen, one of bounded elements, one that learns at another rate, one that starts
-- from numbers; two whose rows are bounded, one that is read besides, one that a state starts at, which stand by rows. Of the two
-- one ends where matrices by columns begin. Sizes at which a matrix is larger than a cache's first level, so that every other
-- step reads it from its end, and which no block of rows divides.
local o = options { batch = 1, k1 = 2, k2 = 5, hidden = 72, overlap = "recompute", unroll = true }
local n, m = o.hidden, 7

local function matrix(columns, ...) return param({ n, columns }, uniform(1 / n ^ 0.5), ...) end
local function numbers(rows, columns)
  local t = {}
  for i = 1, rows do
    t[i] = {}
    for j = 1, columns do t[i][j] = (i * 7 + j * 3) % 11 / 40 - 0.1 end
  end
  return t
end

local gates = module {
  params = { Wi = matrix(m), Wf = matrix(m), Wg = matrix(m), Wo = matrix(m), Ui = matrix(n), Uf = matrix(n), Ug = matrix(n),
             Uo = matrix(n) },
  state  = { h = { n }, c = { n } },
  step   = function(p, x, s)
    local c = sigmoid(p.Wf(x) + p.Uf(s.h)) * s.c + sigmoid(p.Wi(x) + p.Ui(s.h)) * tanh(p.Wg(x) + p.Ug(s.h))
    local h = sigmoid(p.Wo(x) + p.Uo(s.h)) * tanh(c)
    return h, { h = h, c = c }
  end,
}

local ruled = module {
  params = {
    frozen = matrix(m, { trainable = false }), bounded = matrix(m, { constrain = { min = -0.05, max = 0.05 } }),
    short = matrix(m, { constrain = { max_norm = 0.3 } }), first = param({ 24, m }, numbers(24, m)),
    capped = param({ 16, m }, uniform(0.3), { constrain = { max_norm = 0.3 } }), slow = param({ 24, m }, uniform(0.3), { lr = 0.5 }), square = param({ 24, 24 }, orthogonal), read = param({ 24, m }, uniform(0.3)),
  },
  state  = { v = learned({ 24 }, normal(0.5)), m = learned({ 24, m }, normal(0.5)) },
  step   = function(p, x, s)
    local capped = sum(tanh(p.capped(x)))
    local v = tanh(capped + p.first(x) + p.slow(x) + p.square(s.v) + p.read(x) * sum(p.read) + s.m(x))
    return p.frozen(x) * p.bounded(x) + p.short(x), { v = v, m = 0.5 * s.m }
  end,
}

return model {
  input  = real(m),
  target = real(2),
  params = { lstm = nn.lstm(m, n), gates = gates, ruled = ruled, out = nn.linear(2 * n + 24, 2) },
  step   = function(p, x, s)
    local a, lstm = p.lstm(x, s.lstm)
    local b, gates_state = p.gates(x, s.gates)
    local r, ruled_state = p.ruled(x, s.ruled)
    return p.out(concat { a, b * r, ruled_state.v }), { lstm = lstm, gates = gates_state, ruled = ruled_state }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch, overlap = o.overlap, unroll = o.unroll, loss = "all" },
}
