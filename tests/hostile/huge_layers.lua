-- expect-match: layers is 1000000
return model { params = { r = nn.lstm(4, 4, { layers = 1e6 }) }, step = function() end, tbptt = { k1 = 1, k2 = 1 } }
