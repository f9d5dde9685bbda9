# Installed, the program finds its headers and its library beside itself, and who writes C or C++ finds them under
# PREFIX/include as <tapeless/NAME.h>, and nothing else of ours.
. tests/cli/common.sh
cmake --install "$BUILD" --prefix "$tmp/usr" >"$tmp/log" || fail "install: $(cat "$tmp/log")"
[ "$(ls "$tmp/usr/include")" = tapeless ] || fail "in include/ there is $(ls "$tmp/usr/include")"
[ -z "$(find "$tmp/usr/include" -name '*.inc.h')" ] || fail "what is the runtime's own is installed"
printf 'echo "$*" >>%s/called\nexec gcc "$@"\n' "$tmp" >"$tmp/cc"
env -u TAPELESS_HOME CC="sh $tmp/cc" "$tmp/usr/bin/tapeless" build tests/faults/uv.lua -o "$tmp/out" || fail "build"
grep -q -- "-I $tmp/usr/include" "$tmp/called" && grep -q "$tmp/usr/lib/tapeless/libtapeless.a" "$tmp/called" ||
    fail "it was built with $(cat "$tmp/called")"
"$tmp/out/uv" info >/dev/null || fail "the trainer"
# What a trainer loads in a launcher (docs/processes.md), it looks for beside the library.
readelf -d "$tmp/out/uv" | grep -q "R[UN]*PATH.*\\[$tmp/usr/lib/tapeless\\]" || fail "the trainer's RUNPATH: $(readelf -d "$tmp/out/uv")"
[ ! -e "$BUILD/libtapeless_mpi.so" ] || [ -e "$tmp/usr/lib/tapeless/libtapeless_mpi.so" ] || fail "the module is not installed"
# shellcheck disable=SC2046
g++ "-I$tmp/usr/include" "-I$tmp/out" $(pkg-config --cflags openblas) tests/tools/from_cplusplus.cpp \
    -x c "$tmp/out/uv.c" -x none "$tmp/usr/lib/tapeless/libtapeless.a" -lopenblas -ljansson -lcsv -lxxhash -lm \
    -o "$tmp/program" && "$tmp/program" >/dev/null || fail "a program of one's own"
finish
