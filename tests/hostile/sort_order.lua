-- expect-match: tests/hostile/sort_order.lua
local t = {}
for i = 1, 1e5 do t[i] = i % 7 end
table.sort(t, function() return true end)
