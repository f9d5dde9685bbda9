# A project in an empty folder, as docs/install.md shows it, finds the installed package, compiles a model when it is
# built, and again when the spec, a file that it requires or an option changes, and then alone; by ninja and by make.
. tests/cli/common.sh
. tests/cli/common_install.sh
install_to "$tmp/usr"
unset TAPELESS_HOME CC
[ "$(page_file CMakeLists.txt | wc -l)" -le 10 ] || fail "the page promises few lines"

builds() { # WHAT: the project builds; $tmp/log has what was done
    cmake --build "$project/build" >"$tmp/log" 2>&1 || fail "$generator: $1: $(tail -n 5 "$tmp/log")"
}
compiles() { builds "$1"; grep -q "Compiling the model" "$tmp/log" || fail "$generator: $1: the spec is not compiled again"; }
rests() { builds "$1"; ! grep -q "Compiling the model" "$tmp/log" || fail "$generator: $1: the spec is compiled again"; }
configured() { # OPTION...
    cmake -S "$project" -B "$project/build" -G "$generator" "-DCMAKE_PREFIX_PATH=$tmp/usr" "$@" >"$tmp/log" 2>&1
}
later() { sleep 0.02; } # than what was written last, in a file's time

for generator in Ninja "Unix Makefiles"; do
    make_project "$tmp/$generator" CMakeLists.txt sensor.lua cell.lua main.c
    configured || fail "$generator: $(tail -n 20 "$tmp/log")"
    compiles "from nothing"
    said=$("$project/build/predict")
    case $said in
    "$("$TAPELESS" --version), 1120 parameters, error 0.00"*) ;; # 32 + 32 * 32 + 32 + 32
    *) fail "$generator: it prints $said" ;;
    esac
    rests "nothing changed"
    later
    sed -i 's/tanh(/tanh(0.5 * (/; s/p.b)/p.b))/' "$project/cell.lua"
    compiles "a required file changed"
    [ "$("$project/build/predict")" != "$said" ] || fail "$generator: the change is not in the program"
    rests "nothing changed since"
    later
    echo "-- a comment" >>"$project/sensor.lua"
    compiles "the spec changed"
    sed -i 's/hidden=32/hidden=8 PRECISION f32 MACHINE sse2 NATIVE ARGUMENTS -O no-tiles/' "$project/CMakeLists.txt"
    compiles "the options changed"
    grep -q "hidden=8" "$project/build/sensor.tapeless/sensor.c" || fail "$generator: options do not arrive"
    grep -q "sse2" "$project/build/sensor.tapeless/sensor.c" || fail "$generator: MACHINE does not arrive"
    "$project/build/predict" >/dev/null || fail "$generator: with products of OpenBLAS"
    rm "$project/cell.lua"
    sed -i 's/^local cell.*/local cell = { step = function(p, x, s) return p.V(s.h), { h = tanh(p.W(x) + p.U(s.h) + p.b) } end }/' \
        "$project/sensor.lua"
    compiles "a file is gone, and required no more"
done

# ---- what is wrong is said ----
refused() { # WHY CALL
    make_project "$tmp/wrong" CMakeLists.txt sensor.lua cell.lua main.c
    sed -i "s/^tapeless_add_model.*/$2/" "$project/CMakeLists.txt"
    rm -rf "$project/build"
    if configured || ! tr -s '\n ' ' ' <"$tmp/log" | grep -qF "$1"; then
        fail "$2: $(cat "$tmp/log")"
    fi
}
refused "there is no spec" "tapeless_add_model(sensor SPEC sensors.lua)"
refused "write tapeless_add_model(TARGET SPEC FILE.lua" "tapeless_add_model(sensor)"
refused "write tapeless_add_model(TARGET SPEC FILE.lua" "tapeless_add_model(sensor SPEC sensor.lua hidden=3)"
refused "it is one of native" "tapeless_add_model(sensor SPEC sensor.lua MACHINE z80)"
make_project "$tmp/wrong" CMakeLists.txt sensor.lua cell.lua main.c
sed -i 's/sensor C)/sensor CXX)/' "$project/CMakeLists.txt"
rm -rf "$project/build"
if configured || ! grep -q "a model is C; write project" "$tmp/log"; then fail "a project without C: $(cat "$tmp/log")"; fi
make_project "$tmp/wrong" CMakeLists.txt sensor.lua cell.lua main.c
rm -rf "$project/build"
sed -i 's/tapeless 0.1/tapeless 0.99/' "$project/CMakeLists.txt"
if configured; then fail "another version is taken"; fi
make_project "$tmp/wrong" CMakeLists.txt sensor.lua cell.lua main.c
sed -i 's/loss   = mse/loss   = msee/' "$project/sensor.lua"
rm -rf "$project/build"
configured || fail "a wrong spec is found when the project is configured"
if cmake --build "$project/build" >"$tmp/log" 2>&1 || ! grep -q "sensor.lua:" "$tmp/log"; then
    fail "a wrong spec builds, or it is not said why: $(cat "$tmp/log")"
fi
finish
