# Groups of parameters as torch.optim has them: a frozen module, factors of learning rate and weight decay,
# vectors that do not decay, projections after each update.
. tests/cli/common_torch.sh
trajectories groups_adamw groups_sgd
