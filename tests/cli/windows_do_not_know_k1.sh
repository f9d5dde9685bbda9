# What k1, the steps that count and the way to reduce say is in the tables, not in the code of a window: so builds
# are shared by the tests that try many of them, and a training can be given others without a build.
. tests/cli/common.sh
code() { # the functions, without the comment on top and the tables
    "$TAPELESS" compile tests/overlap/cell.lua -o "$tmp" "$@" >/dev/null && sed -n '/^#include/,/^static const tl_tensor/p' "$tmp/cell.c"
}
for overlap in recompute retain versions; do
    code -D k2=3 -D overlap=$overlap >"$tmp/one"
    for other in "-D k1=2" "-D k1=5" "-D loss=last" "-D loss=all" "-D reduce=sum"; do
        # shellcheck disable=SC2086
        code -D k2=3 -D overlap=$overlap $other >"$tmp/other"
        cmp -s "$tmp/one" "$tmp/other" || fail "$overlap: with $other the code is another: $(diff "$tmp/one" "$tmp/other" | head -n 5)"
    done
    code -D k2=4 -D overlap=$overlap >"$tmp/other"
    cmp -s "$tmp/one" "$tmp/other" && fail "$overlap: k2 should be in the code"
done
finish
