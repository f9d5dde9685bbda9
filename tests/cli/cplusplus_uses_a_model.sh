# A C++ program includes a model's header and the runtime's, and links the model, whether that was compiled as C
# or as C++: with gcc and with clang, and what it computes is the same.
. tests/cli/common.sh
"$TAPELESS" compile tests/faults/uv.lua -o "$tmp" || fail "compile"
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Werror"
blas=$(pkg-config --cflags openblas)
# shellcheck disable=SC2086 # options are words
try() { # NAME C++ HOW-TO-COMPILE-THE-MODEL...
    name=$1 cxx=$2
    shift 2
    "$@" -O1 $warnings -Iruntime $blas -c "$tmp/uv.c" -o "$tmp/$name.o" || fail "$name: uv.c"
    $cxx -std=c++17 $warnings -Wno-missing-field-initializers -Iruntime "-I$tmp" tests/faults/cpp_link.cpp "$tmp/$name.o" \
        -lopenblas -lm -o "$tmp/$name" || fail "$name: the program does not link"
    [ "$("$tmp/$name")" = 5 ] || fail "$name: it says $("$tmp/$name")"
    $cxx -std=c++17 $warnings -Iruntime "-I$tmp" tests/tools/from_cplusplus.cpp "$tmp/$name.o" "$BUILD/libtapeless.a" \
        -lopenblas -ljansson -lcsv -lxxhash -lm -o "$tmp/$name" || fail "$name: the learner does not link"
    "$tmp/$name" >"$tmp/$name.out" || fail "$name: $(cat "$tmp/$name.out")"
}
try c_gcc g++ gcc -std=c99
try c_clang clang++ clang -std=c99
try cplusplus_gcc g++ g++ -std=c++17 -x c++
try cplusplus_clang clang++ clang++ -std=c++17 -x c++
grep -qx '5 parameters, loss 0\.[0-9]*' "$tmp/c_gcc.out" || fail "it prints $(cat "$tmp/c_gcc.out")"
for name in c_clang cplusplus_gcc cplusplus_clang; do
    cmp "$tmp/c_gcc.out" "$tmp/$name.out" || fail "$name computes something else"
done
finish
