-- expect-match: did not finish within
return xpcall(error, function() while true do end end)
