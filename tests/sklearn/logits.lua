-- logits.lua: says what it reads: a score for each of n classes, or one for a 1.
local o = options { n = 3 }
local binary = o.n == 1

return model {
  input  = real(o.n, { raw = true }),
  target = binary and real(1) or token(o.n),
  params = { a = param({ 1 }, 1) },
  step   = function(p, x) return p.a * x end,
  loss   = binary and bce or cross_entropy,
  tbptt  = { k1 = 8, k2 = 8 },
}
