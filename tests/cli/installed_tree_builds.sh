# Installed, the program finds its headers and its library beside itself, and who writes C or C++ finds the public headers
# under PREFIX/include as <tapeless/NAME.h>, and nothing else of ours; each compiles alone, there. The prefix may be
# moved. What was installed can be taken away again, and nothing else goes with it.
. tests/cli/common.sh
. tests/cli/common_install.sh
install_to "$tmp/first"
mv "$tmp/first" "$tmp/usr"
unset TAPELESS_HOME
[ "$(ls "$tmp/usr/include")" = tapeless ] || fail "in include/ there is $(ls "$tmp/usr/include")"
[ -z "$(find "$tmp/usr/include" -name '*.inc.h')" ] || fail "what is the runtime's own is installed"

# ---- headers ----
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Werror"
mkdir "$tmp/alone"
for header in "$tmp"/usr/include/tapeless/*.h; do
    name=$(basename "$header" .h)
    printf '#include <tapeless/%s.h>\nextern int something;\n' "$name" | tee "$tmp/alone/$name.c" >"$tmp/alone/$name.cc"
done
# shellcheck disable=SC2086 # options are words
gcc -std=c11 $warnings -fsyntax-only "-I$tmp/usr/include" "$tmp"/alone/*.c || fail "a header includes what is not installed"
# shellcheck disable=SC2086
g++ -std=c++17 $warnings -fsyntax-only "-I$tmp/usr/include" "$tmp"/alone/*.cc || fail "C++: a header includes what is not installed"
# What pages tell programs of one's own to include is there; those of processes.md and performance.md are the source's own.
for name in $(grep -ho '<tapeless/[a-z_0-9]*\.h>' docs/generated-code.md docs/online.md docs/jacobians.md docs/threads.md docs/install.md |
    sort -u | tr -d '<>'); do
    [ -f "$tmp/usr/include/$name" ] || fail "the pages name <$name>, which is not installed"
done
[ ! -e "$tmp/usr/include/tapeless/csv_file.h" ] || fail "headers are installed that are not public"

# ---- the version ----
cat >"$tmp/version.c" <<'C'
#include <stdio.h>
#include <tapeless/tapeless.h>
int main(void)
{
    printf("tapeless %d.%d.%d\n", TL_VERSION_MAJOR, TL_VERSION_MINOR, TL_VERSION_PATCH);
    printf("tapeless %s\n", TL_VERSION);
    return 0;
}
C
gcc "-I$tmp/usr/include" "$tmp/version.c" -o "$tmp/version"
says=$("$tmp/usr/bin/tapeless" --version)
[ "$("$tmp/version")" = "$says
$says" ] || fail "headers say $("$tmp/version"), the program $says"
[ "tapeless $(PKG_CONFIG_PATH=$tmp/usr/lib/pkgconfig pkg-config --modversion tapeless)" = "$says" ] || fail "tapeless.pc says otherwise"

# ---- a trainer ----
printf 'echo "$*" >>%s/called\nexec gcc "$@"\n' "$tmp" >"$tmp/cc"
CC="sh $tmp/cc" "$tmp/usr/bin/tapeless" build tests/faults/uv.lua -o "$tmp/out" || fail "build"
grep -q -- "-I $tmp/usr/include" "$tmp/called" && grep -q "$tmp/usr/lib/tapeless/libtapeless.a" "$tmp/called" ||
    fail "it was built with $(cat "$tmp/called")"
"$tmp/out/uv" info >/dev/null || fail "the trainer"
# What a trainer loads in a launcher (docs/processes.md), it looks for beside the library.
readelf -d "$tmp/out/uv" | grep -q "R[UN]*PATH.*\\[$tmp/usr/lib/tapeless\\]" || fail "the trainer's RUNPATH: $(readelf -d "$tmp/out/uv")"
[ ! -e "$BUILD/libtapeless_mpi.so" ] || [ -e "$tmp/usr/lib/tapeless/libtapeless_mpi.so" ] || fail "the module is not installed"
# What CMake and pkg-config say of a model's C is what trainers' is compiled with, but for two.
PKG_CONFIG_PATH=$tmp/usr/lib/pkgconfig pkg-config --variable=model_cflags tapeless | tr ' ' '\n' | grep . | sort >"$tmp/said"
grep -m 1 -- '-c ' "$tmp/called" | tr ' ' '\n' | grep -- '^-[OfD]' | grep -v -e '^-fPIC$' -e '^-fsanitize=' | sort >"$tmp/done"
cmp -s "$tmp/said" "$tmp/done" || fail "model_cflags are not how models are compiled: $(diff "$tmp/said" "$tmp/done")"
# shellcheck disable=SC2046
g++ "-I$tmp/usr/include" "-I$tmp/out" $(pkg-config --cflags openblas) tests/tools/from_cplusplus.cpp \
    -x c "$tmp/out/uv.c" -x none "$tmp/usr/lib/tapeless/libtapeless.a" -lopenblas -ljansson -lcsv -lxxhash -lm \
    -o "$tmp/program" && "$tmp/program" >/dev/null || fail "a program of one's own"

# ---- uninstall ----
cmake --build "$BUILD" --target help | grep -q uninstall || fail "there is no target uninstall"
mv "$tmp/usr" "$tmp/first"
echo "of somebody else's" >"$tmp/first/share/doc/tapeless/notes"
cmake "-DMANIFEST=$tmp/manifest" -P packaging/uninstall.cmake >"$tmp/removed" 2>&1 || fail "uninstall"
[ "$(find "$tmp/first" -type f)" = "$tmp/first/share/doc/tapeless/notes" ] || fail "uninstall leaves $(find "$tmp/first" -type f)"
[ ! -e "$tmp/first/include/tapeless" ] && [ ! -e "$tmp/first/lib/tapeless" ] || fail "uninstall leaves empty directories"
[ -d "$tmp/first/include" ] || fail "uninstall removes directories that are not ours"
if cmake "-DMANIFEST=$tmp/none" -P packaging/uninstall.cmake >"$tmp/removed" 2>&1 || ! grep -q "nothing was installed" "$tmp/removed"; then
    fail "without a manifest: $(cat "$tmp/removed")"
fi
finish
