# The runtime's headers are found as <tapeless/NAME.h> and in no other way; each can be included first and
# alone, from C11 and from C++17, without a warning.
. tests/cli/common.sh
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Werror"
flags=$(pkg-config --cflags openblas jansson)
bare=$(find runtime -name '*.h' ! -name '*.inc.h' ! -path 'runtime/tapeless/*')
[ -z "$bare" ] || fail "not in runtime/tapeless: $bare"
for header in runtime/tapeless/*.h; do
    name=$(basename "$header" .h)
    printf '#include <tapeless/%s.h>\nextern int something;\n' "$name" | tee "$tmp/$name.c" >"$tmp/$name.cc"
done
# shellcheck disable=SC2086 # options are words
for cc in gcc clang; do
    $cc -std=c11 $warnings -fsyntax-only -Iruntime $flags "$tmp"/*.c || fail "$cc"
done
# shellcheck disable=SC2086
for cc in g++ clang++; do
    $cc -std=c++17 $warnings -fsyntax-only -Iruntime $flags "$tmp"/*.cc || fail "$cc"
done
finish
