-- models/gru.lua: the gated recurrent unit from the operations.
--
--   r = sigmoid(W_r x + U_r h + b_r)        reset gate
--   z = sigmoid(W_z x + U_z h + b_z)        update gate
--   n = tanh(W_n x + U_n (r h) + b_n)       candidate
--   h' = (1 - z) n + z h,   y = V h' + d
--
-- K. Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
-- translation", EMNLP 2014. The reset gate stands before the matrix, as in the paper; nn.gru has it
-- behind, as cuDNN and PyTorch do. The first state is learned.
local o = options { input = 4, hidden = 32, output = 1 }

return model {
  input  = real(o.input),
  target = real(o.output),
  params = {
    Wr = { o.hidden, o.input }, Ur = param({ o.hidden, o.hidden }, orthogonal), br = { o.hidden },
    Wz = { o.hidden, o.input }, Uz = param({ o.hidden, o.hidden }, orthogonal), bz = { o.hidden },
    Wn = { o.hidden, o.input }, Un = param({ o.hidden, o.hidden }, orthogonal), bn = { o.hidden },
    V = { o.output, o.hidden }, d = { o.output },
  },
  state  = { h = learned { o.hidden } },
  step   = function(p, x, s)
    local r = sigmoid(p.Wr(x) + p.Ur(s.h) + p.br)
    local z = sigmoid(p.Wz(x) + p.Uz(s.h) + p.bz)
    local n = tanh(p.Wn(x) + p.Un(r * s.h) + p.bn)
    local h = (1 - z) * n + z * s.h
    return p.V(h) + p.d, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 16, k2 = 32, batch = 8 },
  train  = { optimizer = adam { lr = 1e-3 }, clip_norm = 1 },
}
