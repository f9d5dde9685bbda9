-- Matrices that are applied to one vector, which become one (compiler/passes/join.c), and what keeps some of them
-- apart: an LSTM by its formulas; a GRU whose last gate multiplies another vector, so that of the input's products
-- some are added to a bundle and one is not; parameters that are frozen, bounded, or learn at another rate; matrices
-- of two vectors, biases of two gates, products that are read twice, as matrices, or by the output alone; sizes with
-- which parameters end anywhere. With -D probes=true marks within the bundles, with -D head=true a head that has some.
local o = options { batch = 1, k1 = 3, k2 = 3, size = 5, overlap = "recompute", probes = false, head = false }
local n, m = o.size, 3

local function mark(name, value) return o.probes and probe(name, value) or value end
local function matrix(columns, ...) return param({ n, columns }, uniform(0.5), ...) end
local function vector(...) return param({ n }, uniform(0.5), ...) end

local lstm = module {
  params = {
    Wi = matrix(m), Wf = matrix(m), Wg = matrix(m), Wo = matrix(m), Ui = matrix(n), Uf = matrix(n), Ug = matrix(n),
    Uo = matrix(n), bi = vector(), bf = vector(), bg = vector(), bo = vector(),
  },
  state  = { h = { n }, c = { n } },
  step   = function(p, x, s)
    local f = mark("forget", p.Wf(x) + p.Uf(s.h) + p.bf)
    local i = p.Wi(x) + p.Ui(s.h) + p.bi
    local g, out = p.Wg(x) + p.Ug(s.h) + p.bg, p.Wo(x) + p.Uo(s.h) + p.bo
    local c = sigmoid(f) * s.c + sigmoid(i) * tanh(g)
    local h = sigmoid(out) * tanh(c)
    return h + sum(slice(f, 1, 2)), { h = h, c = c }                           -- a slice of a slice
  end,
}

-- Gates by name, with names that part what is joined.
local function gate(...) return { W = matrix(m, ...), U = matrix(n), b = vector() } end

local gru = module {
  params = { reset = gate(), update = gate { lr = 0.5 }, new = gate { weight_decay = 0 } },
  state  = { h = learned({ n }, normal(0.5)) },
  step   = function(p, x, s)
    local r = sigmoid(p.reset.b + p.reset.W(x) + p.reset.U(s.h))
    local z = sigmoid(p.update.b + p.update.W(x) + p.update.U(s.h))
    local new = tanh(p.new.W(x) + p.new.U(r * s.h) + p.new.b)
    local h = z * s.h + (1 - z) * new
    return h, { h = h }
  end,
}

local ruled = module {
  params = {
    A = matrix(n, { trainable = false }), B = matrix(n), C = matrix(n, { constrain = { min = -0.2, max = 0.2 } }),
    D = matrix(n, { trainable = false }), E = matrix(n), a = vector { trainable = false }, b = vector(), row = { 2, n },
  },
  state  = { v = { n }, w = { n } },
  step   = function(p, x, s)
    local marked = mark("product", p.B(s.v))
    local a, b = p.A(s.v) + p.a, marked + sum(slice(marked, 2, 2)) + p.b
    local c, d = p.C(s.v), p.D(s.v) + p.a
    local square = matmul(reshape(c, { 1, n }), reshape(b, { n, 1 }))          -- c and b are read twice
    local only_out = p.E(s.v)                                                  -- no state needs it
    local with_input = p.B(x) + p.C(x)                                         -- matrices of two vectors, of one sum
    local v, w = tanh(a * b + with_input), tanh(c + d + 0.1 * sum(square))
    return only_out + slice(p.E(x), 1, n) * w, { v = v, w = w }
  end,
}

-- Of the sums of these products one has an operand that is read once more.
local twice = module {
  params = { P = matrix(m), Q = matrix(m), R = matrix(n), S = matrix(n) },
  state  = { u = { n } },
  step   = function(p, x, s)
    local again = p.R(s.u)
    local squares = square(again)
    local u = tanh(p.P(x) + again) * sigmoid(p.Q(x) + p.S(s.u))
    return u * squares, { u = u }
  end,
}

local function step(p, x, s)
  local h, lstm_state = p.lstm(x, s.lstm)
  local g, gru_state = p.gru(x, s.gru)
  local r, ruled_state = p.ruled(tanh(h), s.ruled)
  local both = concat { g, r }
  local u, twice_state = p.twice(x, s.twice)
  local y = p.out(both) + p.gate(both) * p.back(h + u)
  return y, { lstm = lstm_state, gru = gru_state, ruled = ruled_state, twice = twice_state }
end

local function head(p, ys, ss)
  local last = ss[#ss].lstm.h
  return p.out(concat { last, last }) * p.gate(concat { last, last }) + ys[1] + p.back(ss[1].lstm.h)
end

return model {
  input  = real(m),
  target = real(2),
  params = {
    lstm = lstm, gru = gru, ruled = ruled, twice = twice, out = { 2, 2 * n }, gate = { 2, 2 * n }, back = { 2, n },
  },
  step   = step,
  window = o.head and head or nil,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch, overlap = o.overlap, loss = o.head and "last" or "all" },
}
