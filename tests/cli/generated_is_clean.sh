# Generated C has nothing that gcc or clang could warn of, is C99, has no data that can be written, and
# no external name without the model's. It is C++17 too, and in C++20 its tables are in their order.
. tests/cli/common.sh
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion -Wcast-qual -Wundef -Werror"
of_c="-std=c99 -Wmissing-prototypes -Wstrict-prototypes -Wvla"
blas=$(pkg-config --cflags openblas)
for precision in f32 f64; do
    for spec in models/*.lua tests/ops/*.lua; do
        "$TAPELESS" compile "$spec" -p $precision -o "$tmp/$precision" || fail "compile $spec"
    done
    [ $precision = f64 ] || mkdir "$tmp/mains"
    mv "$tmp/$precision"/*_main.c "$tmp/mains" # they are alike
    # All in one for C++, whose headers take longer than a model, each in a namespace of its own.
    {
        printf '#define FORCE_OPENBLAS_COMPLEX_STRUCT\n'
        grep -h '^#define TL_[A-Z]*_BYTES' "$tmp/$precision/product.c"
        printf '#include <%s>\n' cblas.h math.h string.h tapeless/tapeless.h tapeless/random.h tapeless/elementary.h \
            tapeless/product.h tapeless/rows.h
        for source in "$tmp/$precision"/*.c; do
            printf '#undef TL_VECTOR_BYTES\nnamespace in_%s {\n#include "%s"\n}\n' "$(basename "$source" .c)" "$source"
        done
    } >"$tmp/$precision.cc"
    # shellcheck disable=SC2086 # options are words
    for cc in gcc clang; do
        $cc $of_c $warnings -fsyntax-only -Iruntime $blas "$tmp/$precision"/*.c || fail "$cc, $precision"
    done
    # shellcheck disable=SC2086
    for cc in g++ clang++; do
        $cc -std=c++17 $warnings -fsyntax-only -Iruntime $blas "$tmp/$precision.cc" || fail "$cc, $precision"
    done
done
# shellcheck disable=SC2086
gcc $of_c $warnings -fsyntax-only -Iruntime "-I$tmp/f32" "$tmp"/mains/*.c || fail "the trainers' main"
# shellcheck disable=SC2086
g++ -std=c++20 -x c++ $warnings -fsyntax-only -Iruntime $blas "$tmp/f32/lstm_cnn.c" "$tmp/f32/state.c" "$tmp/f32/rules.c" || fail "C++20"

# As it is optimised, for each width of vectors.
of_target() { # TARGET OPTIONS...
    target=$1
    shift
    for precision in f32 f64; do
        "$TAPELESS" compile models/elman.lua --k2 3 -D hidden=9 --machine "$target" -p $precision -o "$tmp/$target" ||
            fail "compile for $target"
        [ $precision = f32 ] && compilers="gcc clang" how="$of_c" || compilers="g++ clang++" how="-std=c++17 -x c++"
        # shellcheck disable=SC2086
        for cc in $compilers; do
            $cc $how $warnings -O2 "$@" -Iruntime $blas -c "$tmp/$target/elman.c" -o "$tmp/elman.o" || fail "$cc, $target"
        done
    done
}
of_target plain
if [ "$(uname -m)" = x86_64 ]; then
    of_target sse2
    of_target avx2 -mavx2 -mfma -ffp-contract=fast
    of_target avx512 -mavx512f -mavx512dq -mavx512vl -mfma -ffp-contract=fast
fi

for source in "$tmp"/f32/*.c; do
    name=$(basename "$source" .c)
    # TL_INLINE: without optimisation, what must be inlined takes a compiler long.
    # shellcheck disable=SC2086
    gcc -std=c99 -O0 '-DTL_INLINE=static inline' -fPIC -Iruntime $blas -c "$source" -o "$tmp/$name.o"
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
