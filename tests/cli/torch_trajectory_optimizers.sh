# 50 updates with every optimizer, state carried from window to window, are those of torch.optim.
. tests/cli/common_torch.sh
trajectories lstm_sgd lstm_nesterov lstm_carry gru_adamw gru_2_layers_rmsprop
