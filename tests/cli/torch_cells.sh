# nn.mgu, mingru, indrnn, ctrnn, clockwork, lru and esn are what their papers say, written in PyTorch.
. tests/cli/common_torch.sh
gradients mgu mingru indrnn indrnn_tanh ctrnn ctrnn_fixed clockwork clockwork_resets lru esn
