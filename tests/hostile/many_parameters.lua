-- expect-match: at most 1024 parameters
local t = {}
for i = 1, 1e6 do t['p' .. i] = { 1 } end
return model { params = t, step = function(p) return p.p1 end, loss = sum, tbptt = { k1 = 1, k2 = 1 } }
