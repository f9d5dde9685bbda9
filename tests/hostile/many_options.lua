-- expect-match: at most 256 options
local t = {}
for i = 1, 1e5 do t['o' .. i] = i end
return options(t)
