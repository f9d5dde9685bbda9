# --cut N trains on pieces of at most N rows, each from the initial state: what a file whose column tells such pieces apart trains, to the bit. One
# long sequence among short ones then leaves little padding; validation and eval see whole sequences; --resume goes on as the training in one.
. tests/cli/common.sh
make_net "$tmp/net.lua" 1 "k1 = 2, k2 = 4, batch = 4"
run() { # COMMAND options...
    command=$1
    shift
    "$TAPELESS" "$command" "$tmp/net.lua" --engine interpreter "$@" >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "$command $*"; }
}
refuse() { # TEXT COMMAND options...
    text=$1
    shift
    "$TAPELESS" "$@" --engine interpreter >"$tmp/out" 2>"$tmp/err" && fail "$* is accepted"
    grep -qF -- "$text" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
tensors_of() { # CHECKPOINT: what follows the header, which also notes how long training took
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}
same() { tensors_of "$1" >"$tmp/a"; tensors_of "$2" >"$tmp/b"; cmp "$tmp/a" "$tmp/b" >/dev/null || fail "$1 and $2 are other trainings"; }

# A long sequence and four short ones, then one that validates; and the same with the pieces told apart by hand. 203 rows of which the last has
# no target are 202 examples, in pieces of 21 and 20; those of 31 and of 12 rows are whole or in two.
awk -v dir="$tmp" 'BEGIN {
    print "run,x" >dir "/panel.csv"
    print "run,x,y" >dir "/pieces.csv"
    split("203 31 12 9 25 40", rows)
    for (s = 1; s <= 6; s++) {
        n = rows[s] - 1; pieces = s < 6 ? int((n - 1) / 21) + 1 : 1; left = 0; piece = 0
        for (t = 0; t < rows[s]; t++) {
            printf "r%d,%.17g\n", s, sin(s * t / 3) >dir "/panel.csv"
            if (t == n) continue
            if (!left) { left = int(n / pieces) + (piece < n % pieces); piece++ }
            printf "r%d.%d,%.17g,%.17g\n", s, piece, sin(s * t / 3), sin(s * (t + 1) / 3) >dir "/pieces.csv"
            left--
        }
    }
}'
panel="--data $tmp/panel.csv --sequence run --no-standardise"
# shellcheck disable=SC2086 # $panel is several words
{
    run train $panel --valid 0.11 --epochs 3 -c "$tmp/whole"
    grep -q '(66% padding) to train on, 1 sequence in' "$tmp/err" || fail "whole: $(cat "$tmp/err")"
    run train $panel --valid 0.11 --epochs 3 --cut 21 -c "$tmp/cut"
    grep -q '5 sequences cut into 16 sequences in 4 lanes of 7[0-9] steps ([0-9]% padding) to train on, 1 sequence in' "$tmp/err" ||
        fail "cut: $(cat "$tmp/err")"
    run train --data "$tmp/pieces.csv" --sequence run --no-standardise --input x --target y --ahead 0 --valid 0.11 --epochs 3 -c "$tmp/pieces"
    same "$tmp/cut" "$tmp/pieces"

    # eval is of whole sequences, and knows which it was trained on.
    run eval --data "$tmp/panel.csv" -c "$tmp/cut"
    grep -q '^trained on  *the first 5 of these 6 sequences' "$tmp/out" || fail "eval: $(cat "$tmp/out")"
    grep -q '^sequences  *6$' "$tmp/out" || fail "eval of pieces: $(cat "$tmp/out")"

    # Resumed, without the option and with it.
    run train $panel --valid 0.11 --steps 17 --cut 21 -c "$tmp/once"
    run train $panel --valid 0.11 --steps 9 --cut 21 -c "$tmp/parts"
    run train $panel --valid 0.11 --steps 13 --resume -c "$tmp/parts"
    run train $panel --valid 0.11 --steps 17 --resume --cut 21 -c "$tmp/parts"
    same "$tmp/once" "$tmp/parts"
    refuse "resume it on the same data" train "$tmp/net.lua" $panel --valid 0.11 --steps 30 --resume --cut 50 -c "$tmp/parts"
    run train $panel --valid 0.11 --epochs 3 --start "$tmp/cut" -c "$tmp/started" # another training, which is not cut
    grep -q "cut into" "$tmp/err" && fail "a training that begins with weights is cut: $(cat "$tmp/err")"
    run lags --data "$tmp/panel.csv" -c "$tmp/cut"
    # A piece that nothing is longer than changes nothing.
    run train $panel --valid 0.11 --epochs 3 --cut 1000 -c "$tmp/large"
    same "$tmp/whole" "$tmp/large"
}

# A single sequence: its tail validates, as without.
{ echo x; awk 'BEGIN { for (t = 0; t < 301; t++) printf "%.17g\n", sin(t / 3) * cos(t / 17) }'; } >"$tmp/one.csv"
run train --data "$tmp/one.csv" --valid 0.2 --epochs 2 -c "$tmp/uncut"
run train --data "$tmp/one.csv" --valid 0.2 --epochs 2 --cut 24 -c "$tmp/single"
grep -q '1 sequence cut into 10 sequences in 4 lanes of 72 steps (17% padding) to train on, 15 in 4 to validate' "$tmp/err" || fail "single: $(cat "$tmp/err")"
run eval --data "$tmp/one.csv" -c "$tmp/single"
grep -q '^trained on  *the first 240 of these 300 steps' "$tmp/out" || fail "eval of a single: $(cat "$tmp/out")"
run eval --data "$tmp/one.csv" -c "$tmp/single" --held-out
grep -q '^weight  *60$' "$tmp/out" || fail "held out: $(cat "$tmp/out")"
run train --data "$tmp/one.csv" --valid-data "$tmp/one.csv" --epochs 1 --cut 24 -c "$tmp/apart"
grep -q '1 sequence cut into 13 sequences' "$tmp/err" || fail "with data to validate on: $(cat "$tmp/err")"
# A trainer that reads no resets says so.
"$TAPELESS" build "$tmp/net.lua" -o "$tmp/bin" >"$tmp/out" 2>&1 || fail "build: $(cat "$tmp/out")"
"$tmp/bin/net" train --data "$tmp/one.csv" --cut 24 -c "$tmp/none" >"$tmp/out" 2>"$tmp/err" && fail "a trainer without resets cuts"
grep -q 'tbptt = { resets = true }' "$tmp/err" || fail "a trainer without resets: $(cat "$tmp/err")"

# Texts, and tensors, which are not.
make_text "$tmp/text"
# shellcheck disable=SC2086
{
    "$TAPELESS" train $small --engine interpreter --data "$tmp/text" --cut 500 --steps 3 -c "$tmp/t" >"$tmp/out" 2>"$tmp/err" || fail "a text: $(cat "$tmp/err")"
    grep -q ' different characters; 1 sequence cut into ' "$tmp/err" || fail "a text: $(cat "$tmp/err")"
}
"$BUILD/tests/tensors" write "$tmp/d.safetensors" input 6x1 1 2 3 4 5 6 -- target 6x1 1 2 3 4 5 6
refuse "--cut 3: $tmp/d.safetensors is tensors" train "$tmp/net.lua" --data "$tmp/d.safetensors" --cut 3 -c "$tmp/none"
refuse "--cut 3: scalar reads no data that could be cut" train models/scalar.lua --cut 3 --steps 1 -c "$tmp/none"
refuse "--cut 0: it takes a whole number from 1" train "$tmp/net.lua" --data "$tmp/one.csv" --cut 0 -c "$tmp/none"
[ ! -e "$tmp/none" ] || fail "a checkpoint was written"
finish
