-- nn.lstm with zoneout, for which numbers are drawn (Krueger et al., 2017).
return require("frame").library(function(input, hidden, how)
  how.zoneout = { h = 0.05, c = 0.5 }
  return nn.lstm(input, hidden, how)
end)
