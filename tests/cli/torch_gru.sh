# nn.gru has the gradients of torch.nn.GRU.
. tests/cli/common_torch.sh
gradients gru gru_2_layers
