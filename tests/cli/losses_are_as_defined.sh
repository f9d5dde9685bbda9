# Every option of every loss, by the formulas of torch.nn.functional one element at a time: what the options
# mean, and what a mean over steps divides by.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors

"$tensors" write "$tmp/params" w 3 1 1 1
inputs="0.5 -1.2 2 1.5 0.3 -0.7 -2 0.1 0.8 0 1 -1.5"
# $inputs is several words
# shellcheck disable=SC2086
"$tensors" write "$tmp/real" input 4x1x3 $inputs -- target 4x1x3 0.2 0.9 0 1 0 0.6 0.3 0.1 1 0.7 0.5 0.25
# shellcheck disable=SC2086
"$tensors" write "$tmp/tokens" input 4x1x3 $inputs -- target 4x1i 2 0 1 2

count=0
for case in $(sed -n 's/^  \([a-z_]*\) *= function(y, t).*/\1/p' tests/defined/losses.lua); do
    count=$((count + 1))
    case $case in class*) tokens=true data=tokens ;; *) tokens=false data=real ;; esac
    for reduce in sum mean; do
        luajit tests/tools/losses.lua $case $reduce >"$tmp/want" || fail "$case has no formula"
        "$TAPELESS" grad tests/defined/losses.lua -D case=$case -D reduce=$reduce -D tokens=$tokens --precision f64 \
            --engine interpreter --params "$tmp/params" --data "$tmp/$data" --out "$tmp/out" >"$tmp/log" 2>&1 ||
            fail "$case: $(cat "$tmp/log")"
        { "$tensors" print "$tmp/out" loss && "$tensors" print "$tmp/out" grad.w; } >"$tmp/got"
        paste "$tmp/want" "$tmp/got" | awk -v name="$case, $reduce" '
            { d = $1 - $2; if (d < 0) d = -d; n++; if (!(d <= 1e-14)) bad = bad " " $2 " for " $1 }
            END { if (bad || n != 4) { print "FAILED: " name ":" bad; exit 1 } }' || failures=$((failures + 1))
    done
done
[ $count -ge 20 ] || fail "only $count losses found"
finish
