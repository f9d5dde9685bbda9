# The losses, and nn.embedding, as PyTorch has them.
. tests/cli/common_torch.sh
gradients mse huber bce char char_2_layers
