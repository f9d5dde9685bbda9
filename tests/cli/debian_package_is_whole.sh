# cpack makes packages: what stands in them and in their fields, and that the program works from where it is
# unpacked, builds a trainer and trains. scripts/try-deb installs them on a bare Debian.
. tests/cli/common.sh
. tests/cli/common_install.sh
for program in cpack dpkg-deb dpkg-shlibdeps; do
    command -v $program >/dev/null || { echo "skipped: there is no $program, so no Debian package is made"; exit 77; }
done
if grep -q 'TAPELESS_SANITIZE:BOOL=ON' "$BUILD/CMakeCache.txt"; then
    echo "skipped: a build with sanitizers is not packaged"
    exit 77
fi
cpack -G DEB --config "$BUILD/CPackConfig.cmake" -B "$tmp/packages" >"$tmp/log" 2>&1 || fail "cpack: $(tail -n 5 "$tmp/log")"
version=$("$TAPELESS" --version | sed 's/tapeless //')
architecture=$(dpkg --print-architecture)
deb=$tmp/packages/tapeless_${version}_$architecture.deb
[ -f "$deb" ] || fail "there is no $(basename "$deb")"

# ---- fields ----
field() { # PACKAGE FIELD WHAT: it says so
    dpkg-deb -f "$1" "$2" | grep -qE -- "$3" || fail "$(basename "$1"): $2: $(dpkg-deb -f "$1" "$2"), without $3"
}
field "$deb" Version "^$version\$"
field "$deb" Section "^devel\$"
field "$deb" Description "^compiler for recurrent models\$"
for needed in libc6 'gcc \| c-compiler' libc6-dev libjansson-dev libcsv-dev libxxhash-dev zlib1g-dev libopenblas-dev libopenblas0; do
    field "$deb" Depends "(^|, )$needed( \(|,|\$)"
done
# What the program is linked to, by the packages that have it: dpkg-shlibdeps saw all.
for library in $(readelf -d "$TAPELESS" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v -e '^libm\.' -e '^libdl\.'); do
    path=$(ldconfig -p | awk -v name="$library" '$1 == name { print $NF; exit }')
    package=$({ dpkg-query -S "$path" || dpkg-query -S "/usr$path"; } 2>/dev/null | sed -n 's/:.*//p' | head -n 1)
    [ -n "$package" ] || fail "no package has $path"
    field "$deb" Depends "(^|, )$package( \(|,|\$)"
done
! dpkg-deb -f "$deb" Depends | grep -q openmpi || fail "the program's package wants MPI"
field "$deb" Recommends gnuplot
if [ -e "$BUILD/libtapeless_mpi.so" ]; then
    mpi=$tmp/packages/tapeless-mpi_${version}_$architecture.deb
    field "$mpi" Depends "tapeless \(= $version\)"
    field "$mpi" Depends openmpi
    dpkg-deb -c "$mpi" >"$tmp/listed"
    grep -q usr/lib/tapeless/libtapeless_mpi.so "$tmp/listed" || fail "tapeless-mpi is empty"
fi

# ---- contents ----
dpkg-deb -x "$deb" "$tmp/root"
for file in bin/tapeless lib/tapeless/libtapeless.a include/tapeless/tapeless.h lib/cmake/tapeless/tapelessConfig.cmake \
    lib/pkgconfig/tapeless.pc share/man/man1/tapeless.1.gz share/bash-completion/completions/tapeless \
    share/zsh/vendor-completions/_tapeless share/fish/vendor_completions.d/tapeless.fish share/doc/tapeless/copyright \
    share/doc/tapeless/changelog.gz share/doc/tapeless/docs/language.md share/tapeless/tapeless.lua; do
    [ -f "$tmp/root/usr/$file" ] || fail "/usr/$file is not in the package"
done
[ "$(ls "$tmp/root")" = usr ] || fail "it has more than /usr: $(ls "$tmp/root")"
dpkg-deb -c "$deb" | awk '$1 !~ /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx)$/ || $2 != "root/root" { print; bad = 1 } END { exit bad }' ||
    fail "modes or owners"
! readelf -S "$tmp/root/usr/bin/tapeless" | grep -q '\.symtab' || fail "the program is not stripped"

# ---- from where it was unpacked ----
unset TAPELESS_HOME CC
TAPELESS_CACHE=$tmp/cache
export TAPELESS_CACHE
packaged=$tmp/root/usr/bin/tapeless
[ "$("$packaged" --version)" = "tapeless $version" ] || fail "--version"
"$packaged" train models/sunspots.lua --data models/data/sunspots.csv --epochs 2 --quiet --checkpoint "$tmp/c.safetensors" \
    >"$tmp/log" 2>&1 || fail "train: $(cat "$tmp/log")"
"$packaged" predict models/sunspots.lua --data models/data/sunspots.csv -c "$tmp/c.safetensors" -o "$tmp/p.csv" \
    >"$tmp/log" 2>&1 && [ "$(wc -l <"$tmp/p.csv")" -gt 100 ] || fail "predict: $(cat "$tmp/log")"
make_project "$tmp/project" CMakeLists.txt sensor.lua cell.lua main.c
cmake -S "$project" -B "$project/build" "-DCMAKE_PREFIX_PATH=$tmp/root/usr" >"$tmp/log" 2>&1 &&
    cmake --build "$project/build" >"$tmp/log" 2>&1 && "$project/build/predict" | grep -q "tapeless $version" ||
    fail "a project: $(tail -n 5 "$tmp/log")"
finish
