# The table of docs/jacobians.md: what each way to learn makes of the gradient of turn.lua; and the costs of a Jacobian's modes.
. tests/cli/common.sh
. tests/cli/common_page.sh
tensors=$BUILD/tests/tensors

specs docs/jacobians.md "$tmp"
"$tensors" write "$tmp/params" U 2x2 0.5 0.4 -0.4 0.5
"$tensors" write "$tmp/data" mask 4x1 1 1 1 1
seen=0
for learn in tbptt rtrl snap1 immediate; do
    row=$(grep "^| .*\`$learn\`.* [0-9.]* | [0-9.]* | [0-9.]* | [0-9.]* |$" docs/jacobians.md | sed 's/^|[^|]*|//; s/|/ /g')
    [ -n "$row" ] || fail "$learn: no row"
    for engine in generated interpreter; do
        "$TAPELESS" grad "$tmp/turn.lua" --params "$tmp/params" --data "$tmp/data" --out "$tmp/g" --learn $learn -p f64 \
            --engine $engine >"$tmp/out" 2>"$tmp/err" || fail "$learn: $(cat "$tmp/err")"
        # shellcheck disable=SC2046,SC2086 # numbers
        echo $row $("$tensors" print "$tmp/g" grad.U) | awk '
            { for (i = 1; i <= 4; i++) { d = $i - $(i + 4); if (d < -1e-9 || d > 1e-9) bad = 1 } exit bad || NF != 8 }' ||
            fail "$learn, $engine: $row, and the gradient is $("$tensors" print "$tmp/g" grad.U)"
        seen=$((seen + 1))
    done
done
[ $seen = 8 ] || fail "$seen rows"
"$TAPELESS" grad "$tmp/turn.lua" --params "$tmp/params" --data "$tmp/data" --out "$tmp/g" --learn diagonal >"$tmp/out" 2>"$tmp/err" &&
    fail "diagonal takes a matrix"
grep -q "here what U does to an element of h is carried to others" "$tmp/err" || fail "diagonal: $(cat "$tmp/err")"

# The costs: as the page says, whatever the spec learns by; and by JSON.
line=$("$TAPELESS" show models/tanks.lua --k2 8 --k1 8 | sed -n 's/^ *\(Jacobian of k2 steps.*\)/\1/p')
grep -qF "    $line" docs/jacobians.md || fail "the page does not have: $line"
"$TAPELESS" show models/tanks.lua --k2 8 --k1 8 --learn rtrl | grep -qF "$line" || fail "rtrl has another cost"
"$TAPELESS" show models/tanks.lua --k2 8 --k1 8 --json >"$tmp/out"
awk -F'[:,]' '/jacobian_(reverse|forward)_operations/ { v[++n] = $2 } END { exit !(n == 2 && v[1] > 0 && v[2] > v[1] / 100) }' "$tmp/out" ||
    fail "JSON: $(grep jacobian_ "$tmp/out")"
"$TAPELESS" show models/lstm_cnn.lua --json | grep -q '"jacobian_forward_operations": null' || fail "a head has no forward mode"
# auto takes the cheaper one: reverse of long streams of many parameters, forward of few.
for how in "models/tanks.lua 40 forward" "models/elman.lua 8 reverse"; do
    set -- $how
    "$TAPELESS" jacobian "$1" --k2 "$2" --k1 1 --steps "$2" -p f64 --engine interpreter --out "$tmp/j" >"$tmp/out" 2>"$tmp/err" ||
        fail "$how: $(cat "$tmp/err")"
    grep -q "$3 mode" "$tmp/out" || fail "$how: $(cat "$tmp/out")"
done
finish
