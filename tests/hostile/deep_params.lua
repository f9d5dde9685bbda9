-- expect-match: is too long
local t = {}
t.a = t
return model { params = t, state = {}, step = function() end, tbptt = { k1 = 1, k2 = 1 } }
