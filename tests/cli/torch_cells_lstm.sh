# The variants of nn.lstm are what their papers say, and with a projection what torch.nn.LSTM is.
. tests/cli/common_torch.sh
gradients lstm_peephole lstm_layer_norm lstm_projection lstm_coupled lstm_all
