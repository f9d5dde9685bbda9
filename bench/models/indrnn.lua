-- nn.indrnn: no product hangs on the state (Li et al., 2018).
return require("frame").library(nn.indrnn)
