# nn.attention over a window's steps, dot products of one head and two, and additive; nn.bidirectional of a GRU and an LSTM, three steps
# of which come behind the one that is read: those of PyTorch.
. tests/cli/common_torch.sh
gradients attention attention_1 attention_additive bidirectional bidirectional_lstm
