-- nn.lstm: two matrices a layer, gates i, f, g, o (Hochreiter & Schmidhuber, 1997; Gers et al., 2000).
return require("frame").library(nn.lstm)
