-- nn.esn: a reservoir, which has no backward pass, and a head that is trained (Jaeger, 2001).
return require("frame").cell(function(input, hidden) return nn.esn(input, hidden, { leak = 0.3 }) end)
