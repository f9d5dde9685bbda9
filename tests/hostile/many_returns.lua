-- expect-match: tests/hostile/many_returns.lua
local t = {}
for i = 1, 1e7 do t[i] = i end
return unpack(t)
