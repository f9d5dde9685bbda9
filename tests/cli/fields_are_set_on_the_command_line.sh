# --k1, --k2, --batch, --lr, --optimizer and --set change fields of a spec's tbptt and train as if the spec said so:
# compiled in, recorded in the model, or given to the trainer, which takes those of train by itself.
. tests/cli/common.sh

# The spec with other numbers in it, and the same by options.
cat >"$tmp/net.lua" <<'LUA'
local o = options { hidden = 4 }
return model {
  input  = real(1),
  target = real(1),
  params = { W = { o.hidden, 1 }, U = { o.hidden, o.hidden }, V = { 1, o.hidden } },
  state  = { h = { o.hidden } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h))
    return p.V(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 8, batch = 2 },
  train  = { optimizer = adam { lr = 1e-3 } },
}
LUA
mkdir "$tmp/said"
sed -e 's/k1 = 4, k2 = 8, batch = 2/k1 = 2, k2 = 6, batch = 3, loss = "last", overlap = "retain"/' \
    -e 's/adam { lr = 1e-3 }/sgd { lr = 0.05, momentum = 0.9 }, schedule = step { every = 10, gamma = 0.5 }, clip_norm = 5/' \
    "$tmp/net.lua" >"$tmp/said/net.lua"
tbptt="--k1 2 --k2 6 --batch 3 --set tbptt.loss=last --set tbptt.overlap=retain"
train="--optimizer sgd --lr 0.05 --set train.optimizer.momentum=0.9 --set train.schedule=step
    --set train.schedule.every=10 --set train.schedule.gamma=0.5 --set train.clip_norm=5"

# ---- compiled in: all but the names of things is the same C ----
code() { # DIR: what does something
    grep -vE 'Written by|(options|hash)\) "|net\.lua' "$1/net.c"
}
"$TAPELESS" compile "$tmp/said/net.lua" -o "$tmp/c1"
"$TAPELESS" compile "$tmp/net.lua" $tbptt $train -o "$tmp/c2"
code "$tmp/c1" >"$tmp/1"
code "$tmp/c2" >"$tmp/2"
cmp "$tmp/1" "$tmp/2" || fail "what is set on the command line is not what the spec would say"
options="hidden=4 tbptt.batch=3 tbptt.k1=2 tbptt.k2=6 tbptt.loss=last tbptt.overlap=retain train.clip_norm=5"
options="$options train.optimizer=sgd train.optimizer.lr=0.05 train.optimizer.momentum=0.9 train.schedule=step"
options="$options train.schedule.every=10 train.schedule.gamma=0.5"
grep -qF "$options" "$tmp/c2/net.h" || fail "the header does not say what was set: $(grep Written "$tmp/c2/net.h")"
grep -qF "AT(options) \"$options\"" "$tmp/c2/net.c" || fail "the model does not say what was set"
hash() { grep -o '([0-9a-f]\{16\})' "$1/net.h"; }
"$TAPELESS" compile "$tmp/net.lua" -o "$tmp/c3"
[ "$(hash "$tmp/c2")" != "$(hash "$tmp/c3")" ] || fail "the hash does not know what was set"
"$TAPELESS" compile "$tmp/net.lua" $train $tbptt -o "$tmp/c4" # in another order
cmp "$tmp/c2/net.c" "$tmp/c4/net.c" || fail "the order of options changes the code"

# ---- decay is a factor of each parameter, so it is compiled in whoever asks for it ----
sed -e 's/adam { lr = 1e-3 }/adamw { lr = 1e-3, decay = "matrices" }/' "$tmp/net.lua" >"$tmp/said/net.lua"
"$TAPELESS" compile "$tmp/said/net.lua" -o "$tmp/c5"
"$TAPELESS" compile "$tmp/net.lua" --optimizer adamw --set train.optimizer.decay=matrices -o "$tmp/c6"
code "$tmp/c5" >"$tmp/1"
code "$tmp/c6" >"$tmp/2"
cmp "$tmp/1" "$tmp/2" || fail "--set train.optimizer.decay"
sed -e 's/adam { lr = 1e-3 }/sgd { lr = 0.05, momentum = 0.9 }, schedule = step { every = 10, gamma = 0.5 }, clip_norm = 5/' \
    -e 's/k1 = 4, k2 = 8, batch = 2/k1 = 2, k2 = 6, batch = 3, loss = "last", overlap = "retain"/' "$tmp/net.lua" >"$tmp/said/net.lua"

# ---- every command takes them ----
"$TAPELESS" show "$tmp/net.lua" --k2 3 --json | grep -q '"k2": 3' || fail "show --k2"
"$TAPELESS" diff "$tmp/net.lua" --k2 3 --set tbptt.resets=true -p f64 >"$tmp/out" || fail "diff --k2"
grep -q '(3 steps)' "$tmp/out" || fail "diff --k2 3 does not run windows of 3 steps"
"$TAPELESS" check "$tmp/net.lua" --k2 3 >"$tmp/out" || fail "check --k2"
"$TAPELESS" bench "$tmp/net.lua" --k2 3 --batch 5 --seconds 0.01 --json | grep -q '"batch": 5' || fail "bench --batch"
"$TAPELESS" info "$tmp/net.lua" --set train.optimizer=rmsprop --json | grep -q rmsprop || fail "info --set"

# ---- a training does the same, by the spec, by the command line and by a trainer that stands alone ----
awk 'BEGIN { print "x,y"; for (i = 0; i < 300; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.3) }' >"$tmp/d.csv"
run="--data $tmp/d.csv --input x --target y --steps 40 -q"
same() { # WHAT, ONE, OTHER
    "$BUILD/tests/compare" "$2" "$3" 0 >"$tmp/out" 2>&1 || fail "$1: $(cat "$tmp/out")"
}
{
    "$TAPELESS" train "$tmp/said/net.lua" $run -c "$tmp/by-spec"
    "$TAPELESS" train "$tmp/net.lua" $tbptt $train $run -c "$tmp/by-line"
    "$TAPELESS" train "$tmp/net.lua" $tbptt $train $run -c "$tmp/by-interpreter" --engine interpreter
    "$TAPELESS" build "$tmp/net.lua" $tbptt -o "$tmp/b"
    "$tmp/b/net" train $train $run -c "$tmp/by-trainer"
    "$TAPELESS" train "$tmp/net.lua" $run -c "$tmp/plain"
} >"$tmp/out" 2>"$tmp/err" || fail "training: $(cat "$tmp/err")"
same "spec and command line" "$tmp/by-spec" "$tmp/by-line"
same "spec and trainer" "$tmp/by-spec" "$tmp/by-trainer"
"$BUILD/tests/compare" "$tmp/by-spec" "$tmp/by-interpreter" 1e-5 W U V state optim >"$tmp/out" 2>&1 || fail "interpreter: $(cat "$tmp/out")"
"$BUILD/tests/compare" "$tmp/by-spec" "$tmp/plain" 0 >"$tmp/out" 2>&1 && fail "the options do nothing"

# ---- what was set stays set when the training goes on, and other values are said ----
{
    "$TAPELESS" train "$tmp/net.lua" $tbptt $train $run -c "$tmp/half" --steps=20 2>/dev/null && fail "--steps twice"
    half=$(echo "$run" | sed 's/40/20/')
    "$TAPELESS" train "$tmp/net.lua" $tbptt $train $half -c "$tmp/half"
    "$TAPELESS" train "$tmp/net.lua" $run -c "$tmp/half" --resume
    "$tmp/b/net" train $train $half -c "$tmp/half-trainer"
    "$tmp/b/net" train $run -c "$tmp/half-trainer" --resume
} >"$tmp/out" 2>"$tmp/err"
same "resumed" "$tmp/by-spec" "$tmp/half"
same "resumed by the trainer" "$tmp/by-spec" "$tmp/half-trainer"
[ ! -s "$tmp/err" ] || fail "resuming as it was said: $(cat "$tmp/err")"

goes_on() { # STATUS, WHAT IT SAYS, options
    want=$1 what=$2
    shift 2
    cp "$tmp/by-line" "$tmp/again"
    status=0
    "$TAPELESS" train "$tmp/net.lua" $(echo "$run" | sed 's/40/44/') -c "$tmp/again" --resume "$@" >"$tmp/out" 2>"$tmp/err" ||
        status=$?
    [ "$status" = "$want" ] || fail "--resume $*: exit status $status: $(cat "$tmp/err")"
    grep -qF -- "$what" "$tmp/err" || fail "--resume $*: said '$(cat "$tmp/err")', not '$what'"
}
goes_on 0 "train.optimizer.lr=0.01 instead of 0.05, which the checkpoint has" --lr 0.01
goes_on 0 "train.clip_norm=1 instead of 5, which the checkpoint has" --set train.clip_norm=1
goes_on 2 "the training ran with optimizer sgd and would go on with adam" --optimizer adam
goes_on 2 "--k2 7, though the checkpoint $tmp/again has 6" --k2 7
goes_on 2 "the training ran with window k1=2 k2=6 batch=3 and would go on with k1=2 k2=7 batch=3" --k2 7
goes_on 2 "the training ran with real f32 and would go on with f64" -p f64

# ---- mistakes ----
refused() { # WHY, words
    why=$1
    shift
    status=0
    "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = 2 ] || fail "$*: exit status $status"
    grep -qF -- "$why" "$tmp/err" || fail "$*: said '$(cat "$tmp/err")', not '$why'"
}
show() { "$TAPELESS" show "$tmp/net.lua" "$@"; }
refused "--set tbptt.k2=0: k2 is 0; it must be a whole number from 1 to 65536" show --set tbptt.k2=0
refused "--set tbptt.k2=1.5: k2 is '1.5'; it must be a whole number from 1 to 65536" show --set tbptt.k2=1.5
refused "--set tbptt.k2=0x10: k2 is '0x10'; it must be a whole number" show --set tbptt.k2=0x10
refused "--set tbptt.k3=1: tbptt has no field k3; did you mean k1?" show --set tbptt.k3=1
refused "--set tbptt.carry=3: carry is 3; it must be true or false" show --set tbptt.carry=3
refused "--set tbptt.loss=first: loss is 'first'; it must be 'new', 'last' or 'all'" show --set tbptt.loss=first
refused "--set k2=3: a field that can be set begins with tbptt. or train., such as tbptt.k2 or train.clip_norm; did you mean tbptt.k2?" show --set k2=3
refused "; did you mean tbptt.k1?" show --set k1=6
refused "; did you mean train.optimizer.lr?" show --set optimizer.lr=6
refused "--set train.lr=1: train has no such field; did you mean train.optimizer.lr?" show --set train.lr=1
refused "did you mean train.optimizer.weight_decay?" show --set train.weight_decay=1
refused "--set tbptt.k2: write --set FIELD=VALUE" show --set tbptt.k2
refused "--set tbptt.loss=a b: a value has letters, digits and _ . , : + - in it" show --set "tbptt.loss=a b"
refused "tbptt.k2 is set twice, by --set tbptt.k2=5 and by --k2 4; set it once" show --k2 4 --set tbptt.k2=5
refused "--k2 70000: it takes a whole number from 1 to 65536" show --k2 70000
refused "--set train.momentum=1: train has no such field; did you mean train.optimizer.momentum?" show --set train.momentum=1
refused "--set train.mass=1: train has no such field; its fields are optimizer, optimizer.lr" show --set train.mass=1
refused "--set train.optimizer=nadam: it takes sgd, adam, adamw, rmsprop, lm, lbfgs, ekf or ridge" show --optimizer nadam
refused "--set train.optimizer.momentum=0.5: adam has no field momentum" show --set train.optimizer.momentum=0.5
trainer() { "$tmp/b/net" train $run -c "$tmp/none" "$@"; }
refused "--k2 60: it is compiled in, and this trainer has k2 = 6; tapeless train SPEC --k2 60 builds another" trainer --k2 60
refused "--set tbptt.k2=60: that is compiled in; tapeless train SPEC --set tbptt.k2=60 builds another trainer" trainer --set tbptt.k2=60
refused "train.optimizer.lr is set twice, to 1 and to 2; set it once" trainer --set train.optimizer.lr=1 --lr 2
refused "--set train.optimizer=nadam: it takes sgd, adam, adamw, rmsprop, lm, lbfgs, ekf or ridge" trainer --optimizer nadam
refused "--set train.optimizer.decay=matrices: that is compiled in" trainer --set train.optimizer.decay=matrices
refused "--set train.optimizer.decay=some: decay is 'some'; it must be 'all' or 'matrices'" show --set train.optimizer.decay=some
trainer --k2 6 >"$tmp/out" 2>&1 || fail "the trainer's own k2: $(cat "$tmp/out")"
finish
