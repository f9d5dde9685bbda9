# nn.lstm has the gradients of torch.nn.LSTM.
. tests/cli/common_torch.sh
gradients lstm lstm_2_layers lstm_without_bias
