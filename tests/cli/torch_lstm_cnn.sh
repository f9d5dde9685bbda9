# 50 updates of an LSTM whose last nine (h, c) a CNN looks at, one update for every step: those of PyTorch.
. tests/cli/common_torch.sh
trajectories lstm_cnn_sgd lstm_cnn_adam
