-- nn.lstm without an input gate, which is 1 - f: three blocks of rows (Greff et al., 2017).
return require("frame").library(function(input, hidden, how)
  how.coupled = true
  return nn.lstm(input, hidden, how)
end)
