-- nn.mgu: a GRU with one gate, and so two blocks of rows (Zhou et al., 2016).
return require("frame").library(nn.mgu)
