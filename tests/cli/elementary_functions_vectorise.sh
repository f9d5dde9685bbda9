# Every function of elementary.h is made vectors of in a plain loop, by gcc and clang, for each instruction set,
# and calls nothing. With -DTL_LIBM it calls libm.
. tests/cli/common.sh
names="exp log tanh sigmoid softplus sin cos"
echo '#include <tapeless/elementary.h>' >"$tmp/loops.c"
for name in $names; do # one a line, so that a line is a function
    for type in float:f32 double:f64; do
        real=${type%:*} call=tl_${name}_${type#*:}
        echo "void ${call}s(int n, $real *restrict y, $real *restrict x) { for (int i = 0; i < n; i++) y[i] = $call(x[i]); }"
    done
done >>"$tmp/loops.c"

warnings="-Wall -Wextra -Wpedantic -Wshadow -Werror"
calls='^[[:space:]]+(call|jmp|bl?)[[:space:]]+'
# shellcheck disable=SC2086 # options are words
try() { # CC WHAT-IT-SAYS-OF-A-LOOP OPTIONS...
    cc=$1 said=$2
    shift 2
    $cc -std=c99 -O3 -fno-math-errno -fno-trapping-math $warnings -Iruntime "$@" -S "$tmp/loops.c" -o "$tmp/loops.s" \
        2>"$tmp/log" || { fail "$cc $*: $(head -n 5 "$tmp/log")"; return; }
    line=1
    for name in $names; do
        for type in float double; do
            line=$((line + 1))
            grep -q "loops\.c:$line:.*$said" "$tmp/log" || fail "$cc $*: $name of a $type is not made vectors of"
        done
    done
    if grep -E "${calls}[a-z]" "$tmp/loops.s"; then fail "$cc $*: it calls a function"; fi
}
case $(uname -m) in
x86_64) sets="-march=x86-64 -march=x86-64-v3 -march=x86-64-v4" ;;
*) sets="-mcpu=native" ;;
esac
for set in $sets; do
    try gcc 'loop vectorized' "$set" -fopt-info-vec-optimized
    try clang 'vectorized loop' "$set" -Rpass=loop-vectorize
done
gcc -std=c99 -O3 -DTL_LIBM $warnings -Iruntime -S "$tmp/loops.c" -o "$tmp/loops.s" || fail "TL_LIBM"
for call in expf exp logf log tanhf tanh log1pf log1p sinf sin cosf cos; do
    grep -qE "$calls$call(@PLT)?\$" "$tmp/loops.s" || fail "TL_LIBM: no call of $call"
done
finish
