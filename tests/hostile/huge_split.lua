-- expect-match: number of parts
return model { params = { w = { 2^20 } }, step = function(p) return split(p.w, 2^20) end, tbptt = { k1 = 1, k2 = 1 } }
