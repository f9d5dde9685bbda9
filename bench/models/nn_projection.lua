-- nn.lstm with twice the cells, of which h is a product (Sak et al., 2014).
return require("frame").library(function(input, hidden, how)
  how.projection = hidden
  return nn.lstm(input, 2 * hidden, how)
end)
