-- nn.ctrnn: two activations a step and unit, learned time constants (Funahashi & Nakamura, 1993; Beer, 1995).
return require("frame").library(nn.ctrnn)
