-- nn.lru: complex numbers, as many as outputs; the products are before and behind the recurrence (Orvieto et al., 2023).
return require("frame").cell(function(input, hidden) return nn.lru(input, hidden) end)
