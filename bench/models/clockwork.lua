-- nn.clockwork: four groups of units; lanes are at steps of their own, so that all of them are computed (Koutník et al., 2014).
return require("frame").library(nn.clockwork)
