# Values inside of a window and the gradients that reach them: what PyTorch's retain_grad says of the tensors.
. tests/cli/common_torch.sh
gradients probes_lstm probes_gru probes_head
