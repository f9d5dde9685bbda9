# 50 updates on chunks that follow one another, (h, c) detached in between, as PyTorch's users write it;
# with (h, c) also carried from epoch to epoch.
. tests/cli/common_torch.sh
trajectories chunks chunks_carried
