-- expect-match: stack overflow
-- a tail call keeps its frame in a spec
local function down(n) return down(n + 1) end
return down(1)
