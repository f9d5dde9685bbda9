# One parser reads all command lines: options stand anywhere, mean the same in every command, and what is
# wrong with them is said with exit status 2. tests/unit/test_cli.c and test_options.c have the details.
. tests/cli/common.sh

refused() { # WHY, words of the command line
    why=$1
    shift
    status=0
    "$TAPELESS" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = 2 ] || fail "tapeless $*: exit status $status"
    grep -qF -- "$why" "$tmp/err" || fail "tapeless $*: said '$(cat "$tmp/err")', not '$why'"
    [ ! -s "$tmp/out" ] || fail "tapeless $*: wrote to standard output"
}

shown() { # WHAT, words
    what=$1
    shift
    "$TAPELESS" "$@" >"$tmp/out" 2>"$tmp/err" || fail "tapeless $*: exit status $?: $(cat "$tmp/err")"
    grep -qF -- "$what" "$tmp/out" || fail "tapeless $*: does not show '$what'"
}

sun=models/sunspots.lua data=models/data/sunspots.csv
train="--steps 3 -q -D hidden=3"

# ---- the same line in every order ----
{
"$TAPELESS" train $sun --data $data $train -p f64 -c "$tmp/1"
"$TAPELESS" train --data $data -D hidden=3 --steps=3 -q $sun -pf64 -c"$tmp/2"
"$TAPELESS" -p f64 --data $data -D hidden=3 train -qn3 --checkpoint="$tmp/3" $sun
"$TAPELESS" --data $data train -q -n 3 -c "$tmp/4" -D hidden=3 --precision=f64 -- $sun
"$TAPELESS" train $sun --data $data $train -p f64 -c "$tmp/5" --engine interpreter -O no-fuse
} >"$tmp/out"
for i in 2 3 4; do
    "$BUILD/tests/compare" "$tmp/1" "$tmp/$i" 0 >"$tmp/said" 2>&1 || fail "order $i: $(cat "$tmp/said")"
done
grep -q '"real":"f64"' "$tmp/1" || fail "train -p f64 trained in f32"

# ---- help ----
shown "usage: tapeless init [DIR]" init --help
for command in compile build train eval sample predict lags grad diff check show bench export import info; do
    shown "usage: tapeless $command SPEC" $command --help
    cp "$tmp/out" "$tmp/page"
    shown "--define NAME=VALUE" help $command
    cmp -s "$tmp/page" "$tmp/out" || fail "help $command is not $command --help"
    shown "--define NAME=VALUE" $command models/none.lua -h
    cmp -s "$tmp/page" "$tmp/out" || fail "$command SPEC -h is not $command --help"
done
shown "--save-every SECONDS" train --help # without a spec
shown "--engine generated|interpreter" train --help
shown "usage: tapeless COMMAND SPEC" --help
shown "usage: tapeless COMMAND SPEC" help
shown "tapeless 0" --version

# ---- mistakes ----
refused "there is no command 'trian'; did you mean train?" trian $sun
refused "there is no command 'frobnicate'; tapeless --help lists them" frobnicate $sun
refused "'models/sunspots.lua' stands where a command is expected" $sun train
refused "no command among the options" --data $data
refused "tapeless train: which spec? usage: tapeless train SPEC [options]" train --data $data
refused "tapeless train: 'models/elman.lua' is one argument too many" train $sun models/elman.lua
refused "tapeless train: there is no option --epohcs; did you mean --epochs?" train $sun --epohcs 3
refused "tapeless train: there is no option --epo; did you mean --epochs?" train $sun --epo 3
refused "tapeless train: there is no option -d; did you mean --data?" train $sun -d $data
refused "tapeless lags: there is no option -x; --help lists them" lags $sun -x
refused "tapeless diff: there is no option -m; did you mean --machine?" diff $sun -m
refused "there is no option --batch-size; did you mean --batch?" train $sun --batch-size 3
refused "there is no option --early-stopping; did you mean --patience?" train $sun --early-stopping=3
refused "there is no option --learning-rate; did you mean --lr?" train $sun --learning-rate 1
refused "there is no option --loss; the loss is a field of the spec, loss = mse" train $sun --loss mse
refused "there is no option --hidden; what a spec declares in options{} is set by -D NAME=VALUE" train $sun --hidden 8
refused "tapeless info: there is no option --loss; --help lists them" info $sun --loss mse
refused "--data needs a value, --data FILE, and --epochs is an option" train $sun --data --epochs 3
refused "--checkpoint: its value is empty; write --checkpoint FILE" train $sun --checkpoint=
refused "--epochs is given twice, the second time as 2" train $sun -e 1 --epochs 2
refused "--epochs 1e3: it takes a whole number from 0 to 2^53: write 1000" train $sun --epochs 1e3
refused "--epochs 0x10: it takes a whole number" train $sun --epochs 0x10
refused "--seed 99999999999999999999: it takes a whole number" train $sun --seed 99999999999999999999
refused "--lr nan: it takes a number from 0 to 1e+09" train $sun --lr nan
refused "--lr 0x1p-3: it takes a number" train $sun --lr 0x1p-3
refused "--precision f16: it is f32 or f64" train $sun -p f16
refused "--engine gpu: it is generated or interpreter" train $sun --engine gpu
refused "-D hidden: write -D name=value" show $sun -D hidden
refused "-D hidden is given twice, hidden=3 and hidden=4; give it once" show $sun -D hidden=3 -D hidden=4

# ---- the trainer by itself ----
"$TAPELESS" build $sun -o "$tmp" -D hidden=3
trainer=$tmp/sunspots
"$trainer" --data $data -q train -n 3 -c "$tmp/6" >"$tmp/out" || fail "options before the trainer's command"
"$trainer" help train >"$tmp/out" && grep -q -- "--epochs N" "$tmp/out" || fail "help train of the trainer"
"$trainer" train --help | cmp -s - "$tmp/out" || fail "train --help of the trainer"
for wrong in "trian" "--data $data" "train --epohcs 3"; do
    status=0
    "$trainer" $wrong >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = 2 ] && [ -s "$tmp/err" ] && [ ! -s "$tmp/out" ] || fail "trainer $wrong: exit status $status"
done

# ---- a hint is the option that does it ----
cd "$tmp"
faults=$OLDPWD/tests/faults
refused "-D V=9" train $faults/vocab_msg.lua --data $faults/vocab_msg.txt -D V=8 -c x.st
hint=$(grep -o -- '-D [A-Za-z]*=[0-9]*' err | tail -n 1)
"$TAPELESS" train $faults/vocab_msg.lua --data $faults/vocab_msg.txt $hint -q -c x.st >out 2>err || fail "$hint: $(cat err)"
finish
