# What a command reads, its spec, and what is no file of weights where weights are written, stays; and what --best
# and import write is a file of weights that every command reads again, also where the data had missing cells.
. tests/cli/common.sh
cp tests/overlap/cell.lua "$tmp/cell.lua"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input = real(1), target = real(1),
  params = { r = nn.gru(1, 4), h = nn.linear(4, 1) },
  step = function(p, x, s) local h, r = p.r(x, s.r) return p.h(h), { r = r } end,
  loss = options { bce = false }.bce and bce or mse, tbptt = { k1 = 4, k2 = 8 },
}
LUA
awk 'BEGIN { print "who,x,y"; for (t = 1; t <= 120; t++) printf "%s,%s,%.4f\n", t % 2 ? "a" : "b", t % 17 ? sin(t) : "", t % 3 / 2 }' >"$tmp/d.csv"
echo "important" >"$tmp/notes"
cd "$tmp"
data="--data d.csv --input x --target y --missing hold"

runs() {
    "$@" >out 2>err || fail "$*: exit status $?: $(cat err)"
}
refused() { # SENTENCE words
    sentence=$1
    shift
    status=0
    "$@" >out 2>err || status=$?
    [ $status = 2 ] || fail "$*: exit status $status, not 2"
    grep -qF -- "$sentence" err || fail "$*: said $(cat err)"
}

runs "$TAPELESS" train net.lua $data --sequence who -q -c c --best best
runs "$TAPELESS" export net.lua -c c -o weights
runs "$TAPELESS" import net.lua weights -c imported
for file in best imported; do
    runs "$TAPELESS" eval net.lua --data d.csv -c $file
    runs "$TAPELESS" predict net.lua --data d.csv -c $file -o p.csv
    runs "$TAPELESS" export net.lua -c $file -o again --overwrite
    runs "$TAPELESS" train net.lua --data d.csv -q --start $file -c started --overwrite
done

cp net.lua spec && cp c checkpoint
refused "--output=net.lua: this is the spec" "$TAPELESS" predict net.lua --data d.csv -c c -o net.lua
refused "--checkpoint=net.lua: this is the spec" "$TAPELESS" train net.lua $data -c net.lua --overwrite
refused "this file is read" "$TAPELESS" predict net.lua --data d.csv -c c -o c
refused "this file is read" "$TAPELESS" export net.lua -c c -o c --overwrite
for option in -c --best; do
    refused "notes: this is no file of weights, and would be lost" "$TAPELESS" train net.lua $data --overwrite $option notes
done
refused "notes: this is no file of weights" "$TAPELESS" export net.lua -c c -o notes --overwrite
refused "notes: this is no file of weights" "$TAPELESS" import net.lua weights -c notes --overwrite
refused "this file is read" "$TAPELESS" train net.lua --data d.csv --start c -c q --overwrite --log c
refused "this file is read" "$TAPELESS" grad net.lua --params c --data c -o net.lua
cp c c.svg
refused "this file is read" "$TAPELESS" lags net.lua --data d.csv -c c.svg --plot c.svg
cmp -s net.lua spec || fail "the spec is not what it was"
cmp -s c checkpoint || fail "the checkpoint is not what it was"
[ "$(cat notes)" = important ] || fail "the notes are not what they were"

# Not silently: another way to tell sequences apart, a seed that is not used, probabilities that are none.
cut -d, -f2- d.csv >no.csv
runs "$TAPELESS" eval net.lua --data no.csv -c c
grep -q "no.csv has no column 'who', which told the sequences apart in training" err || fail "eval said: $(cat err)"
refused "--seed: a resumed training goes on" "$TAPELESS" train net.lua $data -c c --resume --seed 3
refused "choose one" "$TAPELESS" train net.lua $data -c c --resume --overwrite
sed 's/0.5000$/54.69/' d.csv >wrong.csv
refused "wrong.csv:2: column 'y' has 54.69; bce compares it with a probability, which is from 0 to 1" \
    "$TAPELESS" train net.lua -D bce=true --data wrong.csv --input x --target y --missing hold -c b

# Tensors are taken as they stand, which a model that was trained on a table's scales never saw.
"$BUILD/tests/tensors" write t.safetensors input 4x1x1 0 1 2 3 -- target 4x1x1 3 2 1 0
refused "the model's data are read from tables" "$TAPELESS" eval net.lua --data t.safetensors -c c
refused "what is validated on is read as what is trained on" "$TAPELESS" train net.lua $data --valid-data t.safetensors -c b
refused "choose one" "$TAPELESS" train net.lua $data --valid-data d.csv --valid 0.5 -c b
refused "of data all steps are scored" "$TAPELESS" eval net.lua --data d.csv -c c --steps 5
refused "resume it with the same" "$TAPELESS" train net.lua --data d.csv -c c --resume --batch 2

# A schedule over the whole run does not go on at 0 behind its end.
runs "$TAPELESS" train net.lua $data --set train.schedule=cosine --steps 10 -q -c k
refused "was laid out for 10 updates" "$TAPELESS" train net.lua --data d.csv --steps 20 -q -c k --resume
runs "$TAPELESS" train net.lua --data d.csv --steps 20 -q -c k --resume --set train.schedule.total=20
finish
