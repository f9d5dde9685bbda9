-- expect-match: did not finish within
while true do print(string.rep('x', 1000)) end
