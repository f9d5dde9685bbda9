# tl_online over generated code: bit for bit the updates of tl_training on the same series, with every
# overlap, every k1 and k2 up to 5; with resets, padding and weights. Both run the same code, so how well the C
# compiler does does not matter.
. tests/cli/common.sh
REAL_CC="${CC:-cc}" OPTIMISE=-O0 CC="sh tests/random/cc.sh" "$BUILD/tests/online_agrees" || fail "they differ"
finish
