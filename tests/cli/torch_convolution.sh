# Convolutions, pooling (ties too) and nn's modules: values and gradients are PyTorch's.
. tests/cli/common_torch.sh
gradients convolution
