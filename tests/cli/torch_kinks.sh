# Values and gradients of operations at ties, bounds and 0, and far out, are PyTorch's.
. tests/cli/common_torch.sh
gradients kinks
