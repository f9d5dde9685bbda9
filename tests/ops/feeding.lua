-- feed: vectors, matrices and scalars, by what evaluation reads; hardmax in a
-- row and of several, of what the step before said of a token.
local o = options { batch = 1 }

return model {
  input  = { x = real(3), word = token(5), m = real { 2, 3 } },
  target = { y = real(3), word = token(5) },
  params = { U = { 6, 6 }, W = { 6, 9 }, V = { 3, 6 }, Q = { 5, 6 }, E = { 5, 3 } },
  state  = { h = { 6 }, y = { 3 }, logits = init({ 5 }, { 0.3, 0.1, 0.5, 0.2, 0.4 }), m = { 2, 3 }, size = {} },
  step   = function(p, x, s)
    local said = feed(embedding(p.E, x.word), matmul(hardmax(s.logits), p.E), 0.4)
    local soft = matmul(softmax(s.logits), p.E)
    local read = feed(x.x, s.y, 0.5) + feed(x.x, 0.5 * s.y, 0.3, { evaluation = "previous" }) + feed(soft, x.x, 0.5)
    local rows = feed(x.m, s.m, 0.5) * hardmax(x.m + s.m)
    local size = feed(mean(x.x), s.size, 1, { evaluation = "previous" })
    local h = tanh(p.U(s.h) + p.W(concat { said, read, sum(rows, 1) }) + size)
    local y, logits = p.V(h), p.Q(h)
    return { y = y, word = logits },
      { h = h, y = y, logits = logits, m = tanh(reshape(h, { 2, 3 })), size = 0.5 * s.size + mean(h) }
  end,
  loss   = function(y, target) return mse(y.y, target.y) + cross_entropy(y.word, target.word) end,
  tbptt  = { k1 = 2, k2 = 4, batch = o.batch },
}
