# Two models link into one program and do not meet.
. tests/cli/common.sh
for model in elman lstm; do
    "$TAPELESS" compile models/$model.lua -o "$tmp" || fail "compile $model"
done
blas="$(pkg-config --cflags openblas)"
# shellcheck disable=SC2086 # options are words
gcc -std=c11 -O2 -Wall -Wextra -Werror -Iruntime -I"$tmp" $blas tests/tools/two_models.c "$tmp/elman.c" "$tmp/lstm.c" \
    "$BUILD/libtapeless.a" -lopenblas -lm -o "$tmp/two" || fail "the two do not link"
out=$("$tmp/two") || fail "$out"
[ "$out" = "elman and lstm" ] || fail "it says: $out"
finish
