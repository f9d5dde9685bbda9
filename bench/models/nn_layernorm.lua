-- nn.lstm with layer normalisation: lstm_layernorm.lua, as an option.
return require("frame").library(function(input, hidden, how)
  how.layer_norm = true
  return nn.lstm(input, hidden, how)
end)
