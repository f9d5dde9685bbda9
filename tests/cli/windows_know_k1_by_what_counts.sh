# What k1 and the way to count say of a window's code is which of its steps may count, and the way to reduce says
# nothing: the rest is in the tables. So builds are shared by the tests that try many of them.
. tests/cli/common.sh
code() { # the functions, without the comment on top and the tables
    "$TAPELESS" compile tests/overlap/cell.lua -o "$tmp" "$@" >/dev/null && sed -n '/^#include/,/^static const tl_tensor/p' "$tmp/cell.c"
}
alike() { # OPTIONS, OTHER OPTIONS
    # shellcheck disable=SC2086
    code -D k2=3 -D overlap=$overlap $1 >"$tmp/one"
    # shellcheck disable=SC2086
    code -D k2=3 -D overlap=$overlap $2 >"$tmp/other"
    cmp -s "$tmp/one" "$tmp/other"
}
for overlap in recompute retain versions; do
    for other in "-D k1=5" "-D k1=1 -D loss=all" "-D k1=2 -D loss=all" "-D k1=3 -D reduce=sum"; do
        alike "-D k1=3" "$other" || fail "$overlap: all steps count, and with $other the code is another: $(diff "$tmp/one" "$tmp/other" | head -n 5)"
    done
    for other in "-D k1=1 -D reduce=sum" "-D k1=3 -D loss=last"; do
        alike "-D k1=1" "$other" || fail "$overlap: one step counts, and with $other the code is another: $(diff "$tmp/one" "$tmp/other" | head -n 5)"
    done
    alike "-D k1=1" "-D k1=2" && fail "$overlap: one or two steps count, and the code is the same"
    alike "-D k1=2" "-D k1=3" && fail "$overlap: two or three steps count, and the code is the same"
    alike "-D k1=3" "-D k1=3 -D k2=4" && fail "$overlap: k2 should be in the code"
done
finish
