-- expect-match: more than 1024 fields
local t = {}
for i = 1, 1e5 do t['lr' .. i] = i end
return adam(t)
