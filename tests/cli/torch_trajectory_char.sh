# 50 updates of a character model, clipped by norm or by value, are those of PyTorch.
. tests/cli/common_torch.sh
trajectories char_adam_clip_norm char_2_layers_clip_value
