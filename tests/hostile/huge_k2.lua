-- expect-match: k2 is 1000000000
return model { params = { w = { 1 } }, step = function(p) return p.w end, tbptt = { k1 = 1, k2 = 1e9 } }
