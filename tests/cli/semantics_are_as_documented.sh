# What docs/semantics.md draws, computes and says is what the program does: its pictures are redrawn from
# trainings, its steps on paper compared with the values and adjoints of trainings, its commands run. What it
# says of PyTorch stands in tests/torch/semantics.txt, which a script made.
. tests/cli/common.sh
. tests/cli/common_page.sh
page=docs/semantics.md
specs $page "$tmp"
said=tests/torch/semantics.txt

# train SPEC options...: leaves $tmp/log.csv, and of the probe $tmp/values and $tmp/adjoints: an update a line, its
# slots and lanes, NaN where the window has none.
train() {
    spec=$1
    shift
    "$TAPELESS" train "$spec" "$@" --precision f64 --quiet --overwrite --checkpoint "$tmp/c" --log "$tmp/log.csv" \
        --probe x --probe-out "$tmp/x.npy" --probe-grad-out "$tmp/a.npy" >/dev/null 2>"$tmp/err" ||
        { cat "$tmp/err"; fail "train $spec $*"; }
    updates=$(($(wc -l <"$tmp/log.csv") - 1))
    row=$((($(wc -c <"$tmp/x.npy") - 256) / updates))
    od -An -v -tf8 -j256 -w$row "$tmp/x.npy" >"$tmp/values"
    od -An -v -tf8 -j256 -w$row "$tmp/a.npy" >"$tmp/adjoints"
}

# ---- windows ----

# Only its own loss reaches x, so that the adjoint is what the loss counts.
cat >"$tmp/counted.lua" <<'LUA'
local o = options { k1 = 1, k2 = 1, loss = "new" }
return model {
  input  = real(1),
  params = { w = param({ 1 }, 1) },
  state  = { s = { 1 } },
  step   = function(p, i, s) return probe("x", p.w * i + 0 * s.s), { s = i } end,
  loss   = function(y) return sum(y) end,
  tbptt  = { k1 = o.k1, k2 = o.k2, loss = o.loss, reduce = "sum" },
}
LUA
drawn() { # K1 K2 LOSS T: the picture, an update a line
    awk -v T="$4" 'BEGIN { print "i"; for (t = 1; t <= T; t++) print 1 }' >"$tmp/ones.csv"
    train "$tmp/counted.lua" -D k1="$1" -D k2="$2" -D loss="$3" --data "$tmp/ones.csv" --no-standardise --valid 0 --epochs 1
    awk -F'[, ]+' -v k2="$2" -v T="$4" '
        NR == FNR { if (FNR > 1) after[FNR - 1] = $3; next }
        {
            split("", mark)
            for (t = before + 1; t <= after[FNR]; t++) mark[t] = "f"
            for (i = 1; i <= k2; i++)
                if ($(i + 1) !~ /nan/) mark[after[FNR] - k2 + i] = $(i + 1) == 1 ? "#" : "o"
            line = after[FNR]
            for (t = 1; t <= T; t++) line = line " " (t in mark ? mark[t] : ".")
            print line
            before = after[FNR]
        }' "$tmp/log.csv" "$tmp/adjoints"
}
shown() { # TITLE T: what stands under it on the page, likewise
    awk -v title="$1" -v width="$(($2 * 2 - 1))" '
        !at && (at = index($0, "    " title)) && /^    after / { at += 4; getline; next }
        at && !NF { exit }
        at { marks = substr($0, at, width); n = split(substr($0, 1, at - 1), word)
             if (marks ~ /[#of.]/) print (word[n] ~ /^[0-9]+$/ ? word[n] : word[1]) " " marks }
        !/^    after / && !at { at = 0 }' $page
}
window() { # TITLE K1 K2 LOSS T
    drawn "$2" "$3" "$4" "$5" >"$tmp/drawn"
    shown "$1" "$5" >"$tmp/shown"
    [ -s "$tmp/drawn" ] || fail "nothing was drawn"
    diff "$tmp/shown" "$tmp/drawn" || fail "the windows of $1: the page has <, the program >"
}
window 'loss = "new"' 2 4 new 9
window 'loss = "last"' 2 4 last 9
window 'loss = "all"' 2 4 all 9
window 'k1 = 3, k2 = 3' 3 3 new 7
window 'k1 = 1, k2 = 3' 1 3 new 7
window 'k1 = 4, k2 = 2' 4 2 new 7

# ---- lanes ----

# x' = x / 2, the loss all x: an adjoint is 1 + a / 2, a the next step's where an arrow comes from it.
cat >"$tmp/lanes.lua" <<'LUA'
return model {
  input  = real(1),
  params = { w = param({ 1 }, 0.5) },
  state  = { x = init({ 1 }, 1) },
  step   = function(p, i, s)
    local x = probe("x", p.w * s.x + 0 * i)
    return x, { x = x }
  end,
  loss   = function(y) return sum(y) end,
  tbptt  = { k1 = 4, k2 = 4, batch = 2, loss = "all", reduce = "sum" },
}
LUA
sed -n 's/^    lane [12]  *//p' $page >"$tmp/drawing"
awk 'BEGIN { print "run,i" } { for (i = 1; i <= NF; i++) if ($i ~ /^[a-c][0-9]$/) print substr($i, 1, 1) "," i }' \
    "$tmp/drawing" | { read -r head; echo "$head"; sort -s -t, -k1,1; } >"$tmp/runs.csv"
train "$tmp/lanes.lua" --data "$tmp/runs.csv" --sequence run --no-standardise --valid 0 --epochs 1 --lr 0
awk 'NR == FNR { # the drawing from right to left: the adjoint of each step
        n = 0; link = ""
        for (i = NF; i >= 1; i--) {
            if ($i ~ /^[a-cp][0-9p]$/) {
                a = ($i == "pp" ? 0 : 1 + (link == "<-" ? a / 2 : 0))
                want[FNR, 8 - n++] = a; link = ""
            } else link = $i
        }
        steps += n; next
    }
    {
        for (i = 1; i <= 8; i++) {
            lane = (i - 1) % 2 + 1; t = 4 * (FNR - 1) + int((i - 1) / 2) + 1
            if ($i != want[lane, t]) { print "lane " lane ", step " t ": " $i ", drawn as " want[lane, t]; bad = 1 }
        }
    }
    END { exit bad || FNR != 2 || steps != 16 }' "$tmp/drawing" "$tmp/adjoints" || fail "the lanes"

# ---- overlap, and the example on paper ----

luajit tests/tools/paper.lua $page >"$tmp/paper" || fail "an equation of the page is wrong"
[ "$(wc -l <"$tmp/paper")" = 51 ] || fail "the steps on paper are $(wc -l <"$tmp/paper"), not 51"

# The values on paper of ROW, which may have several names, are those of the training before.
on_paper() { # LR ROW...
    lr=$1
    shift
    awk -v rows=" $* " -v lr="$lr" '
        FILENAME ~ /values$/ { for (i = 1; i <= 3; i++) got[FNR, "x" FNR - 3 + i] = $i }
        FILENAME ~ /adjoints$/ { for (i = 1; i <= 3; i++) got[FNR, "a" FNR - 3 + i] = $i }
        FILENAME ~ /log.csv$/ && FNR > 1 { split($0, c, ","); g = c[6]; got[c[1], "gradient"] = g
            w = (FNR == 2 ? 0.2 : w) - lr * g; got[c[1], "w"] = w }
        FILENAME ~ /paper$/ && index(rows, " " $1 " ") {
            d = got[$2, $3] - $4; n++
            if (!(($2, $3) in got) || d > 5.001e-10 || d < -5.001e-10) {
                print $1 ", t = " $2 ": " $3 " is " got[$2, $3] ", not " $4; bad = 1 }
        }
        END { exit bad || n < 7 }' "$tmp/values" "$tmp/adjoints" "$tmp/log.csv" "$tmp/paper" || fail "on paper: $*"
}
# Which weights: the forward code of step i has x_i / x_(i-1), the backward code of step i a_(i-1) / a_i. (That of
# step 1 leaves the window.)
weights_of() { # OVERLAP COLUMN
    awk -v column="$2" '
        function name(v,    i) { for (i = 0; i < 3; i++) if (v / w[i] > 1 - 1e-9 && v / w[i] < 1 + 1e-9) return "w" i; return v }
        FILENAME ~ /log.csv$/ && FNR > 1 { split($0, c, ","); w[0] = 0.2; w[FNR - 1] = w[FNR - 2] - 0.1 * c[6] }
        FILENAME ~ /values$/ && FNR == 3 { forward = name($1 / 0.9) " " name($2 / $1) " " name($3 / $2) }
        FILENAME ~ /adjoints$/ && FNR == 3 { backward = name($1 / $2) " " name($2 / $3) }
        FILENAME ~ /semantics.md$/ && /^    (forward|backward)  / { i = 2 + 3 * column
            if ($1 == "forward") { n++; bad += forward != $i " " $(i + 1) " " $(i + 2) }
            else { n++; bad += backward != $(i + 1) " " $(i + 2) } }
        END { if (bad) print "forward " forward ", backward of steps 2 and 3 " backward; exit bad || n != 2 }' \
        "$tmp/log.csv" "$tmp/values" "$tmp/adjoints" $page || fail "the weights of $1"
}
column=0
for overlap in recompute retain versions; do
    train "$tmp/scalar.lua" -D overlap=$overlap --lr 0.1 --steps 3
    on_paper 0.1 lr0.1 $overlap
    weights_of $overlap $column
    column=$((column + 1))
done
train "$tmp/scalar.lua" --lr 0 --steps 3
on_paper 0 lr0

# ---- 0.288, and what else PyTorch says ----

# Three windows' adjoints of x1 are 1, 0.2, 0.04; the wrong answer adds the last two.
wrong=$(awk 'FILENAME ~ /values$/ { if (FNR == 3) { x1 = $1; x2 = $2 } next }
    FNR == 2 { stale = $2 } FNR == 3 { printf "%.9f", $3 * x2 + $2 * x1 + ($1 + stale) * 0.9 }' "$tmp/values" "$tmp/adjoints")
[ "$wrong" = 0.288000000 ] || fail "the two adjoints give $wrong"
grep -qx "by_hand(False) $wrong" $said && grep -q '= 0.288 *by_hand(False)$' $page || fail "by_hand(False)"
grep -qx 'by_hand(True) 0.108000000' $said && grep -q '= 0.108 *by_hand(True)$' $page || fail "by_hand(True)"
loop=$(awk '/^```python$/ { inside = 1; next } /^```$/ { inside = 0 } inside' $page | sha256sum)
grep -qx "loop ${loop%% *}" $said || fail "the loop is another: run tests/torch/semantics.py, which notes what it gives"
for overlap in recompute retain versions; do
    gradients=$(sed -n "s/^$overlap //p" $said)
    grep -q "^row $overlap 0.1 $gradients\$" tests/cli/scalar_table.sh || fail "PyTorch's $overlap: $gradients"
done
tr '\n' ' ' <$page | sed 's/ > / /g; s/  */ /g' >"$tmp/line"
for what in inplace second tuple; do
    sed -n "s/^$what //p" $said >"$tmp/sentences"
    [ -s "$tmp/sentences" ] || fail "$said has no $what"
    while read -r sentence; do
        grep -qF -- "$sentence" "$tmp/line" || fail "the page lacks: $sentence"
    done <"$tmp/sentences"
done

# ---- memory ----

# Bytes are those of k2; what does not count makes a little difference. (That they do not grow is
# tests/cli/memory_is_flat.sh.)
for k1 in 1 8 32; do
    sed "s/k1 = 8/k1 = $k1/" models/elman.lua >"$tmp/memory.lua"
    grep -q "k1 = $k1, k2 = 32" "$tmp/memory.lua" || fail "models/elman.lua has no k1 to change"
    "$TAPELESS" show "$tmp/memory.lua" | grep '^  memory '
done | grep -o 'workspace [0-9]*' >"$tmp/bytes"
awk '{ if (!low || $2 < low) low = $2; if ($2 > high) high = $2 } END { exit !(low && high <= 1.2 * low) }' "$tmp/bytes" ||
    { cat "$tmp/bytes"; fail "memory depends on k1"; }

# ---- commands ----

mkdir "$tmp/run" "$tmp/bin"
ln -s "$TAPELESS" "$tmp/bin/tapeless"
ln -s "$PWD/models" "$tmp/run/models"
cp "$tmp/scalar.lua" "$tmp/layers.lua" "$tmp/run"
"$BUILD/tests/tensors" write "$tmp/run/window.safetensors" mask 3x1 1 1 1
awk 'BEGIN { print "run,value"; for (s = 1; s <= 40; s++) for (t = 0; t < 10 + s % 7; t++) print "r" s "," sin(s + t / 3) }' \
    >"$tmp/run/runs.csv"
commands $page >"$tmp/commands"
[ "$(wc -l <"$tmp/commands")" -ge 9 ] || fail "the page has only $(wc -l <"$tmp/commands") commands"
n=0
while read -r command; do
    n=$((n + 1))
    (cd "$tmp/run" && PATH=$tmp/bin:$PATH && eval "$command") >"$tmp/run/$n.out" 2>"$tmp/err" </dev/null ||
        { cat "$tmp/err"; fail "$command"; }
done <"$tmp/commands"
output() { # WORDS: of the command that has them
    cat "$tmp/run/$(grep -nF -- "$1" "$tmp/commands" | head -n 1 | cut -d: -f1).out"
}
[ "$(output 'show layers.lua' | grep -o 'rnn\.l[0-9]\.[ch] ' | tr -d '\n')" = "rnn.l0.c rnn.l0.h rnn.l1.c rnn.l1.h " ] ||
    fail "the states of layers.lua"
grep -q 'its state: `rnn.l0.c`, `rnn.l0.h`, `rnn.l1.c`, `rnn.l1.h`' $page || fail "the page's states of layers.lua"
[ "$(wc -l <"$tmp/run/predicted.csv")" -gt 300 ] || fail "predicted.csv"
third() { # of the third update, and of a window
    printf '%.9g\n' "$@" | tr '\n' ' '
}
# Several words are wanted.
# shellcheck disable=SC2046
got=$(third $(od -An -v -tf8 -j256 -w24 "$tmp/run/adjoints.npy" | sed -n 3p))
[ "$got" = "0.04 0.2 1 " ] || fail "adjoints.npy: $got"
# shellcheck disable=SC2046
got=$(third $(for name in grad.w probe_grad.x; do "$BUILD/tests/tensors" print "$tmp/run/gradient.safetensors" $name; done))
[ "$got" = "0.108 0.04 0.2 1 " ] || fail "gradient.safetensors: $got"
grep -q 'adjoints.npy` is 0.04, 0.2, 1' $page && grep -q 'grad.w` is 0.108, `probe_grad.x` 0.04, 0.2, 1' $page ||
    fail "the page has other adjoints"
finish
