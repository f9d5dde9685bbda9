-- expect-match: numbers must be finite
return model { params = { w = { 1 } }, step = function(p) return p.w * (0 / 0) end, tbptt = { k1 = 1, k2 = 1 } }
