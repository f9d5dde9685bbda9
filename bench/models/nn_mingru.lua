-- nn.mingru: mingru.lua, its two matrices as one.
return require("frame").library(nn.mingru)
