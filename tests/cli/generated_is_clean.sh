# Generated C has nothing that gcc or clang could warn of, is C99, has no data that can be written, and
# no external name without the model's.
. tests/cli/common.sh
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wmissing-prototypes -Wstrict-prototypes
    -Wcast-qual -Wvla -Wundef -Werror"
blas=$(pkg-config --cflags openblas)
for precision in f32 f64; do
    for spec in models/*.lua tests/ops/losses.lua tests/ops/product.lua tests/ops/state.lua tests/ops/token.lua tests/ops/training.lua; do
        "$TAPELESS" compile "$spec" -p $precision -o "$tmp/$precision" || fail "compile $spec"
    done
    for source in "$tmp/$precision"/*.c; do
        for cc in gcc clang; do
            # shellcheck disable=SC2086 -- options are words
            $cc -std=c99 $warnings -fsyntax-only -Iruntime $blas "$source" || fail "$cc: $source"
        done
    done
done

for source in "$tmp"/f32/*.c; do
    name=$(basename "$source" .c)
    case $name in *_main) continue ;; esac
    # shellcheck disable=SC2086
    gcc -std=c99 -O1 -fPIC -Iruntime $blas -c "$source" -o "$tmp/$name.o"
    others=$(nm -g --defined-only "$tmp/$name.o" | awk -v name="${name}_" 'index($3, name) != 1 { print $3 }')
    [ -z "$others" ] || fail "$name.o defines $others"
    nm -g --defined-only "$tmp/$name.o" | grep -q " ${name}_model$" || fail "$name.o has no ${name}_model"
    # .data.rel.ro is constant once it is loaded; .data and .bss are not.
    data=$(size -A "$tmp/$name.o" | awk '$1 ~ /^\.(data|bss|tdata|tbss)$/ && $2 > 0 { print $1, $2 }')
    [ -z "$data" ] || fail "$name.o has data that can be written: $data"
    writable=$(nm "$tmp/$name.o" | awk '$2 ~ /^[bBcCgGsS]$/ { print $3 }')
    [ -z "$writable" ] || fail "$name.o has data that can be written: $writable"
    io=$(nm -u "$tmp/$name.o" | awk '$2 ~ /^(malloc|calloc|realloc|free|printf|fprintf|puts|fopen|abort|exit|time|rand)$/ { print $2 }')
    [ -z "$io" ] || fail "$name.o calls $io"
done
finish
