# 50 updates where windows overlap, sequences begin anew and steps are weighted: those of PyTorch.
. tests/cli/common_torch.sh
trajectories overlap_new overlap_last overlap_all learned reset_and_mask
