# 50 updates where sequences begin inside of windows, lane by lane, where lanes are padded or weighted, and
# where the last step of a sequence alone has a loss:
# those of PyTorch, which ran each lane by itself and never saw the padding.
. tests/cli/common_torch.sh
trajectories resets_disjoint resets_overlap resets_all_lanes ragged_batches ragged_packed ragged_weighted many_to_one loss_weight
