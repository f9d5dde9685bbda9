# tl_online over generated code: bit for bit the updates of tl_training on the same series, with every
# overlap, every k1 and k2 up to 5; with resets, padding and weights.
. tests/cli/common.sh
"$BUILD/tests/online_agrees" || fail "they differ"
finish
