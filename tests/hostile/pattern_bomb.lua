-- expect-match: did not finish within
-- thirty optional letters against a text that has too few: 2^30 ways to fail
local n = 60
return (string.rep('a', n)):find(string.rep('a?', n) .. string.rep('a', n) .. 'b')
