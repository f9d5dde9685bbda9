-- expect-match: one example of a value has at most
return model { params = { W = { 2^31, 2^31 } }, step = function(p) return p.W end, tbptt = { k1 = 1, k2 = 1 } }
