# nn.layer_norm inside a recurrent cell, and the gradient of a learned first state.
. tests/cli/common_torch.sh
gradients layer_norm layer_norm_learned
