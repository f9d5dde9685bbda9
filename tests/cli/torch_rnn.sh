# nn.rnn has the gradients of torch.nn.RNN.
. tests/cli/common_torch.sh
gradients rnn_tanh rnn_relu rnn_relu_3_layers
