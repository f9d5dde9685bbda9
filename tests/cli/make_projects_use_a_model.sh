# The Makefile of docs/install.md, in an empty folder, builds its program with what pkg-config says of the installed
# package, and compiles the spec again when a file that it requires has changed, or is gone. --list is what is written.
. tests/cli/common.sh
. tests/cli/common_install.sh
install_to "$tmp/usr"
unset TAPELESS_HOME CC
export PKG_CONFIG_PATH="$tmp/usr/lib/pkgconfig"
make_project "$tmp/project" Makefile sensor.lua cell.lua main.c
sed -i 's/^        /\t/; s/^    /\t/' "$project/Makefile" # a page may have blanks for tabs
builds() { (cd "$project" && make) >"$tmp/log" 2>&1 || fail "$1: $(tail -n 5 "$tmp/log")"; }
compiles() { builds "$1"; grep -q "compile sensor.lua" "$tmp/log" || fail "$1: the spec is not compiled again"; }
compiles "from nothing"
"$project/predict" | grep -qF "$("$TAPELESS" --version), 1120 parameters" || fail "it prints $("$project/predict")"
builds "nothing changed"
grep -q "up to date" "$tmp/log" || fail "nothing changed, and it does $(cat "$tmp/log")"
sleep 0.02
touch "$project/cell.lua"
compiles "a required file changed"
sleep 0.02
mv "$project/cell.lua" "$project/other.lua"
sed -i 's/require "cell"/require "other"/' "$project/sensor.lua"
compiles "a required file has another name"
sleep 0.02
touch "$project/other.lua"
compiles "the other file changed"
# OpenBLAS is the runtime's business.
! readelf -d "$project/predict" | grep -q "NEEDED.*blas" || fail "OpenBLAS is linked"

# ---- --list and --depfile ----
"$TAPELESS" build "$project/sensor.lua" -o "$tmp/a b" --list | sort >"$tmp/listed"
[ ! -e "$tmp/a b" ] || fail "--list writes"
"$TAPELESS" build "$project/sensor.lua" -o "$tmp/a b" --depfile "$tmp/a b.d" || fail "build --depfile"
find "$tmp/a b" -type f | sort | cmp -s - "$tmp/listed" || fail "--list is not what build writes: $(cat "$tmp/listed")"
printf 'all:\ninclude %s\nall: ; @echo done\n' "$(echo "$tmp/a b.d" | sed 's/ /\\ /g')" >"$tmp/including"
make -f "$tmp/including" all >"$tmp/log" 2>&1 || fail "make does not read it: $(cat "$tmp/log")"
"$TAPELESS" compile "$project/sensor.lua" -o "$tmp/j" --jacobian reverse --list | grep -q "/j/sensor_jacobian.c" || fail "--jacobian --list"
refused() { # WHY, words of the command line
    why=$1
    shift
    if "$TAPELESS" "$@" >"$tmp/log" 2>&1 || ! grep -qF -- "$why" "$tmp/log"; then
        fail "$*: $(cat "$tmp/log")"
    fi
}
refused "this is a file of the model" compile "$project/sensor.lua" -o "$tmp/out" --depfile "$project/other.lua"
refused "this is a file of the model" compile "$project/sensor.lua" -o "$tmp/out" --depfile "$tmp/out/sensor.c"
refused "give -o DIR" compile "$project/sensor.lua" --list
refused "leave out --list" compile "$project/sensor.lua" -o "$tmp/out" --casadi --list
refused "--depfile $tmp/none/x.d" compile "$project/sensor.lua" -o "$tmp/out" --depfile "$tmp/none/x.d"
finish
