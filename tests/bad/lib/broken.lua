local layers = {}
layers.count = layers.total + 1
return layers
