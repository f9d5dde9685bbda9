# Which steps of a window count and how much, short windows, and sequences that begin inside of one.
. tests/cli/common_torch.sh
gradients short one_step new_3 last all sum mask reset
