-- nn.gru: two matrices a layer, gates r, z, n, the reset behind the product (Cho et al., 2014, as in cuDNN).
return require("frame").library(nn.gru)
