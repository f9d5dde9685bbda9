# The teaching page, walked through by its keys and buttons, shows the numbers that `tapeless grad` and `tapeless jacobian` say
# now: the gradients 0.9, 0.36, 0.108 of models/scalar.lua, their truncation beside RTRL, and 0.288 where adjoints of an
# earlier window are added. Each call of the C has its formula, and a formula that is not what the call computes is found.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
teach=docs/teach

python3 $teach/measure.py "$tmp/data.js" || fail "measure.py"
duk "$tmp/data.js" $teach/scenes.js tests/tools/teaching_page.js $teach/page.js tests/tools/teaching_walk.js >"$tmp/pages" 2>"$tmp/err" ||
    fail "the page: $(tail -n 5 "$tmp/pages" "$tmp/err")"
at() { grep -F -- "$1: " "$tmp/pages" | tail -n 1; }
shows() { # ADDRESS TEXT
    at "$1" | grep -qF -- "$2" || fail "$1 does not show \"$2\": $(at "$1")"
}

# ---- numbers ----
six() { awk -v x="$1" 'BEGIN { printf "%.6g", x }'; } # as the page writes them
"$tensors" write "$tmp/params" w 1 0.2
gradient() { # of the window of t steps from x0
    "$tensors" write "$tmp/data" mask "$1x1" $(yes 1 | head -n "$1")
    "$TAPELESS" grad models/scalar.lua --params "$tmp/params" --data "$tmp/data" --out "$tmp/out" --new 1 -p f64 --engine interpreter \
        >"$tmp/log" 2>&1 || fail "grad: $(cat "$tmp/log")"
    six "$("$tensors" print "$tmp/out" grad.w)"
}
[ "$(gradient 1) $(gradient 2) $(gradient 3)" = "0.9 0.36 0.108" ] || fail "the tool's gradients are others"
loss=$(six "$("$tensors" print "$tmp/out" loss)")
for t in 1 2 3; do
    shows "#windows-$t" "The gradient is $(gradient $t)"
    [ $t = 3 ] || [ "$(at "#leak-$t" | grep -oF "$(gradient $t)" | wc -l)" -ge 2 ] || fail "#leak-$t does not show the gradient on both sides"
    shows "#rtrl-$t" "$(gradient $t) Kept"
done
shows "#scalar-9" "sum_8(3 - first, g_w, w + first * 1 + 16); w = g 1 + g 2 + g 3 $(gradient 3)"
shows "#scalar-9" "L = x 3 $loss"
for line in 0 5 8; do ! at "#scalar-$line" | grep -qF "+ g 3 $(gradient 3)" || fail "#scalar-$line shows the gradient before it is computed"; done
shows "#scalar-6" "x 1 = w · x 0 0.18 x 1 = 0.04" # its adjoint is there
shows "#scalar-5" "x 1 = w · x 0 0.18 Forward"    # not yet
shows "#leak-6" "0.288 where $(gradient 3) is right"
shows "#leak-6" "0.036 + 0.036 + 0.216 = 0.288"
shows "#leak-4" "0.2 + 0.04 = 0.24"

# The Jacobian of the fifth step is RTRL's gradient: of all steps, and of three.
"$tensors" write "$tmp/data" mask 5x1 1 1 1 1 1
for k2 in 5 3; do
    "$TAPELESS" jacobian models/scalar.lua --params "$tmp/params" --data "$tmp/data" --out "$tmp/out" --k2 $k2 -p f64 --engine interpreter \
        >"$tmp/log" 2>&1 || fail "jacobian: $(cat "$tmp/log")"
    five=$(six "$("$tensors" print "$tmp/out" jacobian.w | tr -s ' ' '\n' | tail -n 1)")
    [ $k2 = 5 ] && shows "#rtrl-5" "S t = w · S t −1 + x t −1 $five" || shows "#rtrl-5" "= $five Kept"
done

# The gradients of the cell, by a program that was built for this machine.
cell="-D hidden=2 --k1 1 --k2 3 --batch 1 --set tbptt.loss=last"
"$tensors" write "$tmp/params" W 2x1 0.8 -0.5 -- U 2x2 0.6 -0.4 0.5 0.7 -- b 2 0.1 0 -- V 1x2 1 -0.8 -- c 1 0.05
"$tensors" write "$tmp/data" input 3x1x1 0.5 -1 0.8 -- target 3x1x1 0 0 0.4 -- state.h 1x2 0.3 -0.2
# shellcheck disable=SC2086
"$TAPELESS" grad models/elman.lua $cell --params "$tmp/params" --data "$tmp/data" --out "$tmp/out" --new 1 -p f64 >"$tmp/log" 2>&1 ||
    fail "grad: $(cat "$tmp/log")"
for name in U W b V c; do
    for x in $("$tensors" print "$tmp/out" grad.$name); do shows "#elman-21" "$(six "$x" | sed 's/-/−/')"; done
done

# ---- the page ----
[ "$(cut -d: -f1 "$tmp/pages" | sort -u | wc -l)" -ge 52 ] || fail "only $(cut -d: -f1 "$tmp/pages" | sort -u | wc -l) steps were seen"
shows "#windows.2.4.new-2" "After step 4 the window is steps 1 to 4"
shows "#windows.3.2.new-1" "New since the last update: steps 1 to 3. The loss is x 2 + x 3 . The new steps before the window are run forward only"
shows "#windows.9.9.last-1" "After step 1 the window is step 1"
shows "#elman-99" "Five gradients, one sweep"
shows "#nonsense" "After step 1 the window is step 1"
! grep -nE '0\.[0-9]' $teach/scenes.js || fail "scenes.js has numbers of its own"
! grep -qE 'undefined|NaN|\[object' "$tmp/pages" || fail "the page shows $(grep -oE '.{40}(undefined|NaN|\[object).{20}' "$tmp/pages" | head -n 1)"

# ---- a formula that is wrong ----
mkdir "$tmp/teach"
cp $teach/trace.c "$tmp/teach"
sed 's/"x1_": "w \* x2_"/"x1_": "w * x3_"/' $teach/measure.py >"$tmp/teach/measure.py"
! python3 "$tmp/teach/measure.py" "$tmp/wrong.js" 2>"$tmp/err" || fail "a wrong formula is not seen"
grep -q 'scalar.c:[0-9]*: loop_8(w, p_w, w + 1); wrote .* but x1_ = w \* x3_ is ' "$tmp/err" || fail "a wrong formula: $(cat "$tmp/err")"
[ ! -e "$tmp/wrong.js" ] || fail "a file was written all the same"
finish
