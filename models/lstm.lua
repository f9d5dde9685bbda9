-- models/lstm.lua: the LSTM from the operations.
--
--   i = sigmoid(W_i x + U_i h + b_i)        input gate
--   f = sigmoid(W_f x + U_f h + b_f)        forget gate
--   g = tanh   (W_g x + U_g h + b_g)        what may be written
--   o = sigmoid(W_o x + U_o h + b_o)        output gate
--   c' = f c + i g,   h' = o tanh(c'),   y = V h' + d
--
-- S. Hochreiter & J. Schmidhuber, "Long short-term memory", Neural Computation 9 (1997); the
-- forget gate is from F. Gers, J. Schmidhuber & F. Cummins, "Learning to forget" (2000). The four
-- gates are rows of one matrix. Their biases start at 0, that of f at 1, so that a new net remembers
-- (R. Jozefowicz et al., 2015).
local o = options { input = 4, hidden = 32, output = 1 }

return model {
  input  = real(o.input),
  target = real(o.output),
  params = {
    W = { 4 * o.hidden, o.input }, U = param({ 4 * o.hidden, o.hidden }, glorot),
    bi = { o.hidden }, bf = param({ o.hidden }, 1), bg = { o.hidden }, bo = { o.hidden },
    V = { o.output, o.hidden }, d = { o.output },
  },
  state  = { h = { o.hidden }, c = { o.hidden } },
  step   = function(p, x, s)
    local i, f, g, out = split(p.W(x) + p.U(s.h), 4)
    local c = sigmoid(f + p.bf) * s.c + sigmoid(i + p.bi) * tanh(g + p.bg)
    local h = sigmoid(out + p.bo) * tanh(c)
    return p.V(h) + p.d, { h = h, c = c }
  end,
  loss   = mse,
  tbptt  = { k1 = 16, k2 = 32, batch = 8 },
  train  = { optimizer = adam { lr = 1e-3 }, clip_norm = 1 },
}
