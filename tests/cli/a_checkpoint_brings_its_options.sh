# Who uses a checkpoint again means the model that was trained: -D, --set, the precision and the column of sequences
# are taken from it where the command line does not say, and what it says otherwise is shown.
. tests/cli/common.sh

cat >"$tmp/net.lua" <<'LUA'
local o = options { hidden = 4, deep = false, scale = 0.5 }
return model {
  input  = real(1),
  target = real(1),
  params = { W = { o.hidden, 1 }, U = { o.hidden, o.hidden }, V = { 1, o.hidden }, D = o.deep and { 2 } or { 1 } },
  state  = { h = { o.hidden } },
  step   = function(p, x, s)
    local h = tanh(o.scale * p.W(x) + p.U(s.h))
    return p.V(h) * sum(p.D), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 8, batch = 2 },
}
LUA
awk 'BEGIN { print "who,x,y"
    for (s = 0; s < 6; s++) for (i = 0; i < 30; i++) printf "%s,%.6f,%.6f\n", "abcdef" == "" ? "" : substr("abcdef", s + 1, 1), sin(i * 0.3 + s), cos(i * 0.3 + s) }' >"$tmp/d.csv"
cd "$tmp"
data="--data d.csv --input x --target y --sequence who"
made="-D hidden=6 -D deep=true -D scale=0.25 --k1 2 --k2 5 --batch 3 --set tbptt.loss=all -p f64"

quiet() { # words: it ends well and says nothing on standard error
    "$@" >out 2>err || fail "$*: exit status $?: $(cat err)"
    [ ! -s err ] || fail "$*: said $(cat err)"
}

"$TAPELESS" train net.lua $data $made --steps 20 -q -c c >out 2>err || fail "train: $(cat err)"
quiet "$TAPELESS" eval net.lua $data $made -c c
cp out expected
quiet "$TAPELESS" eval net.lua --data d.csv -c c
cmp out expected || fail "eval by the checkpoint's options differs from eval by the line's"
grep -q "^sequences *6" out || fail "eval forgot --sequence: $(cat out)"
quiet "$TAPELESS" eval net.lua --data d.csv -c c --engine interpreter
quiet "$TAPELESS" predict net.lua --data d.csv --sequence who $made -c c
cp out expected
quiet "$TAPELESS" predict net.lua --data d.csv -c c
cmp out expected || fail "predict by the checkpoint's options differs"
grep -q "^who,row,y" out || fail "predict forgot --sequence: $(head -n 1 out)"
quiet "$TAPELESS" lags net.lua --data d.csv -c c
grep -q "^ *5 " out || fail "lags does not look back k2 = 5 steps"
quiet "$TAPELESS" lags net.lua --data d.csv -c c --k2 7
grep -q "^ *7 " out || fail "lags --k2 7"
quiet "$TAPELESS" export net.lua -c c -o weights
quiet "$TAPELESS" import net.lua weights -c imported
quiet "$TAPELESS" eval net.lua $data -c imported
quiet "$TAPELESS" predict net.lua --data d.csv -c c -o p.csv

# ---- a trainer that stands alone finds the column, too ----
"$TAPELESS" build net.lua $made -o b
quiet b/net eval --data d.csv -c c
grep -q "^sequences *6" out || fail "the trainer's eval forgot --sequence: $(cat out)"
quiet b/net predict --data d.csv -c c
cmp out expected || fail "the trainer's predict differs"

# ---- a table without that column is one sequence ----
cut -d, -f2- d.csv | head -n 31 >one.csv
"$TAPELESS" predict net.lua --data one.csv -c c >out 2>err || fail "predict of one sequence: $(cat err)"
grep -q "one.csv has no column 'who', which told the sequences apart in training" err || fail "it said: $(cat err)"
quiet "$TAPELESS" predict net.lua --data one.csv --sequence '' -c c
grep -q "^row,y" out || fail "predict of one sequence"

# ---- a training goes on ----
"$TAPELESS" train net.lua $data $made --steps 40 -q -c whole >out 2>err || fail "train: $(cat err)"
quiet "$TAPELESS" train net.lua --data d.csv --input x --target y --steps 40 -q -c c --resume
"$BUILD/tests/compare" whole c 0 >out 2>&1 || fail "resumed without its options: $(cat out)"

# ---- what is said otherwise holds, and is shown ----
says() { # WHAT, words: whatever its end
    what=$1
    shift
    "$@" >out 2>err || true
    grep -qF -- "$what" err || fail "$*: said '$(cat err)', not '$what'"
}
says "tapeless: -D scale=0.75, though the checkpoint c has 0.25" "$TAPELESS" eval net.lua --data d.csv -c c -D scale=0.75
grep -q "another version of the model" err || fail "eval -D scale=0.75 is not the checkpoint's model"
says "tapeless: --k2 3, though the checkpoint c has 5" "$TAPELESS" eval net.lua --data d.csv -c c --k2 3
says "tapeless: --precision f32, though the checkpoint c has f64" "$TAPELESS" eval net.lua --data d.csv -c c -p f32
says "U is {6, 6} but the model takes {8, 8}" "$TAPELESS" eval net.lua --data d.csv -c c -D hidden=8
quiet "$TAPELESS" eval net.lua --data d.csv -c c -D scale=2.5e-1 # the same number

# ---- an option that the spec no longer has is not asked for; one of another type is named ----
sed -e 's/, scale = 0.5//' -e 's/o.scale/0.25/' net.lua >net2.lua && mv net2.lua net.lua
says "another version of the model" "$TAPELESS" eval net.lua --data d.csv -c c
grep -q "^sequences" out || fail "eval without the option scale: $(cat err)"
sed -e 's/deep = false/deep = 1/' net.lua >net2.lua && mv net2.lua net.lua
says "net.lua:1: c deep=true: deep is 1 here, so -D must give it a number" "$TAPELESS" eval net.lua --data d.csv -c c
finish
