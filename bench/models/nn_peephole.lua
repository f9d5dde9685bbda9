-- nn.lstm whose gates see the cell: lstm_peephole.lua, as an option.
return require("frame").library(function(input, hidden, how)
  how.peephole = true
  return nn.lstm(input, hidden, how)
end)
