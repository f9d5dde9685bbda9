# Models are called what they like, and compiled into one directory: their headers hide neither the runtime's
# nor the system's from who compiles with that directory on the path, and are not hidden, in either order.
. tests/cli/common.sh
names="random tapeless buffers online error math string stdint cblas features"
for name in $names; do
    cp tests/faults/uv.lua "$tmp/$name.lua"
done
cp tests/faults/hdr/random.lua tests/faults/hdr/sun.lua "$tmp" # one with dropout, which calls the runtime's random.h
blas=$(pkg-config --cflags openblas)
for spec in "$tmp"/*.lua; do
    "$TAPELESS" compile "$spec" -o "$tmp/out" || fail "compile $spec"
done

# A program that uses them all, and the headers of the runtime and of the system that they are called after.
{
    for header in "$tmp"/out/*.h; do echo "#include \"$(basename "$header")\""; done
    printf '#include <%s>\n' error.h math.h stdint.h stdio.h string.h tapeless/buffers.h tapeless/online.h tapeless/random.h
    echo 'int main(void) { tl_random r = { 1, 0 }; tl_online o; memset(&o, 0, sizeof o);'
    echo '    double x = sqrt(tl_uniform(&r)); int n = 0; uint8_t byte = 0; (void)error;'
    for header in "$tmp"/out/*.h; do name=$(basename "$header" .h); echo "    n += ${name}_model.nparams > 0;"; done
    printf '%s\n' '    return printf("%d\n", n + (x < 0) + byte) < 0; }'
} >"$tmp/main.c"
count=$(ls "$tmp"/out/*.h | wc -l)
[ "$count" = 11 ] || fail "$count headers"
# shellcheck disable=SC2086 # options are words
for path in "-I$tmp/out -Iruntime" "-Iruntime -I$tmp/out"; do
    for cc in gcc clang; do
        $cc -std=c11 -Wall -Wextra -Wpedantic -Werror $path $blas "$tmp/main.c" $(ls "$tmp"/out/*.c | grep -v _main.c) \
            "$BUILD/libtapeless.a" -lopenblas -lxxhash -lm -o "$tmp/main" || fail "$cc $path"
        [ "$("$tmp/main")" = "$count" ] || fail "$cc $path: it prints $("$tmp/main")"
    done
done
# The trainers too, where the library's own headers come in.
# shellcheck disable=SC2086
gcc -fsyntax-only "-I$tmp/out" -Iruntime $blas "$tmp"/out/*_main.c || fail "the trainers' main"
finish
