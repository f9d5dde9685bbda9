# feed(x, previous, p) reads what was said before with probability p, drawn for each step and lane anew and the same whenever the step is
# run again; in evaluation x, or what was said before. Here x is 1 and what was said before is 0, so that what is read is the draw.
. tests/cli/common.sh
cat >"$tmp/draw.lua" <<'LUA'
local o = options { p = 0.3, evaluation = "x" }
return model {
  input = real(2), target = real(2), params = { w = param({ 1 }, 1) }, state = { y = { 2 } },
  step  = function(p, x, s)
    local read = probe("read", feed(x, s.y, o.p, { evaluation = o.evaluation }))
    return p.w * read, { y = 0 * p.w * read }
  end,
  loss  = mse, tbptt = { k1 = 1, k2 = 3, batch = 8 }, train = { optimizer = sgd { lr = 1e-300 } },
}
LUA
awk 'BEGIN { print "a,b,c,d"; for (t = 0; t < 4800; t++) print "1,1,0,0" }' >"$tmp/ones.csv"
for engine in generated interpreter; do
    for case in "0.3 x" "0.8 previous"; do
        p=${case% *} evaluation=${case#* }
        "$TAPELESS" train "$tmp/draw.lua" --engine $engine -D p="$p" -D evaluation="$evaluation" -p f64 --data "$tmp/ones.csv" --input a,b \
            --target c,d --no-standardise --valid 0 --epochs 1 --probe read --probe-out "$tmp/read.npy" -c "$tmp/c" --overwrite --quiet >"$tmp/out" 2>&1 ||
            fail "$engine, $case: $(cat "$tmp/out")"
        row=$((3 * 8 * 2 * 8)) # a window: slots, lanes, elements
        od -An -v -tf8 -w$row -j$(($(wc -c <"$tmp/read.npy") - 600 * row)) "$tmp/read.npy" >"$tmp/read"
        awk -v p="$p" '
            { for (slot = 0; slot < 3; slot++)
                for (lane = 0; lane < 8; lane++) {
                    i = slot * 16 + lane * 2 + 1
                    if ($i != $(i + 1)) halves++           # a value is read as a whole
                    if (NR > 3 && slot < 2 && $i != before[slot + 1, lane]) moved++ # older steps: what they drew before
                    now[slot, lane] = $i
                    if (slot == 2) { said += $i == 0; n++; if (lane && $i != now[slot, lane - 1]) lanes++; if (NR > 1 && $i != before[slot, lane]) steps++ }
                }
              for (key in now) before[key] = now[key] }
            END { d = said / n - p; d = d < 0 ? -d : d
                print n " draws, " said / n " of them before"
                exit halves || moved || n != 4800 || d > 0.02 || lanes < 1000 || steps < 1000 }' "$tmp/read" ||
            fail "$engine, $case: $(awk 'NR < 4' "$tmp/read")"
        loss=$("$TAPELESS" eval "$tmp/draw.lua" --engine $engine -D p="$p" -D evaluation="$evaluation" -p f64 -c "$tmp/c" --data "$tmp/ones.csv" 2>"$tmp/err" |
            sed -n 's/^loss  *//p')
        [ "$loss" = "$([ "$evaluation" = x ] && echo 1 || echo 0)" ] || fail "$engine, $case: evaluation reads something else, its loss is $loss"
    done
done
finish
