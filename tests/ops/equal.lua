-- Parameters that get the same gradient, in whole or in part (compiler/passes/merge_sums.c): biases of one sum, of two gates
-- that are joined, matrices that are added to each other, what the next step alone reads; and beside them some that get
-- more, in every slot or in the epilogue.
local o = options { batch = 1, k1 = 3, k2 = 3, size = 5, overlap = "recompute" }
local n, m = o.size, 3

local function vector() return param({ n }, uniform(0.5)) end
local function matrix(columns) return param({ n, columns }, uniform(0.5)) end

return model {
  input  = real(m),
  target = real(n),
  params = {
    Wi = matrix(m), Wj = matrix(m), Ui = matrix(n), Uj = matrix(n), ai = vector(), aj = vector(), bi = vector(), bj = vector(),
    both = matrix(m), same = matrix(m), one = vector(), two = vector(), twice = vector(), squared = vector(), more = vector(),
    late = vector(), later = vector(), start = vector(), scale = vector(), rescale = vector(),
  },
  state  = { h = learned { n }, g = { n }, later = { n } },
  step   = function(p, x, s)
    local gates = p.Wi(x) + p.ai + p.Ui(s.h) + p.bi
    local h = sigmoid(gates) * tanh(p.Wj(x) + p.aj + p.Uj(s.h) + p.bj)
    local g = tanh(matmul(p.both + p.same, x) + p.one + p.two + p.twice + p.twice + p.squared + square(p.squared) * s.g + p.more)
    local y = h + g + p.more * s.g + s.later
    return y * p.scale * p.rescale + p.start, { h = h, g = g, later = tanh(sum(x) + p.late + p.later) }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch, overlap = o.overlap },
}
