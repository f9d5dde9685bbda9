-- expect-match: did not finish within
while true do end
