-- expect-match: at most 256 of them
local t = {}
for i = 1, 1e5 do t['x' .. i] = real(1) end
return model { input = t, params = { w = { 1 } }, step = function(p) return p.w end, loss = sum, tbptt = { k1 = 1, k2 = 1 } }
