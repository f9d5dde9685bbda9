-- expect-match: tests/hostile/deep_metatable.lua
local t = {}
for i = 1, 1e4 do t = setmetatable({}, { __index = t }) end
return t.x
