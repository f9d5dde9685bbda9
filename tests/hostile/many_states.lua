-- expect-match: at most 1024 states
local t = {}
for i = 1, 1e5 do t['s' .. i] = { 1 } end
return model { params = { w = { 1 } }, state = t, step = function(p, x, s) return p.w, s end, loss = sum, tbptt = { k1 = 1, k2 = 1 } }
