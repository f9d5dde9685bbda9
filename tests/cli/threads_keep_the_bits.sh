# The same training with 1, 2, 3 and 8 threads ends in the same bits and writes the same log, whatever the shards, the
# overlap and the data are; other shards change the rounding alone; and a training goes on with another number.
. tests/cli/common.sh
make_text "$tmp/text"
if [ -z "${OPTIMISE:-}" ]; then
    REAL_CC="${CC:-cc}" OPTIMISE=-O1 CC="sh tests/random/cc.sh"
    export REAL_CC OPTIMISE CC
fi

cat >"$tmp/cell.lua" <<'LUA'
-- An LSTM with dropout in front of a head, and a learned start.
local o = options { k1 = 6, k2 = 6, overlap = "recompute", optimizer = "adam" }
local optimizers = { adam = adam { lr = 1e-2, weight_decay = 0.01 }, rmsprop = rmsprop { lr = 3e-3 } }
return model {
  input  = real(2),
  target = real(1),
  params = { rnn = nn.lstm(2, 5), head = nn.linear(5, 1) },
  state  = { mean = learned { 5 } },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    local mean = 0.9 * s.mean + 0.1 * h
    return p.head(dropout(mean, 0.3)), { rnn = rnn, mean = mean }
  end,
  loss   = mse,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = 8, overlap = o.overlap },
  train  = { optimizer = optimizers[o.optimizer], clip_norm = 0.5 },
}
LUA
# Sequences of unequal length: resets inside of windows, padding at the ends of lanes.
awk 'BEGIN { print "id,a,b,y"; for (s = 1; s <= 24; s++) for (t = 1; t <= 9 + (s * 7) % 13; t++)
    printf "%d,%.3f,%.3f,%.3f\n", s, sin(t * s), cos(t + s), sin(t * s / 3) }' >"$tmp/data.csv"

# All tensors of a checkpoint: what follows the header, which also notes how long training took.
tensors_of() {
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}

same() { # CHECKPOINT CHECKPOINT
    tensors_of "$1" >"$tmp/a"
    tensors_of "$2" | cmp -s - "$tmp/a"
}

log_of() { # without the times
    cut -d, -f1-5 "$1"
}

report_of() {
    grep -v '"seconds"\|"updates_per_second"\|"peak_memory_kib"\|"checkpoint"' "$1"
}

train() { # CHECKPOINT options...
    checkpoint=$1
    shift
    "$TAPELESS" train "$@" --checkpoint "$checkpoint" --log "$checkpoint.log" --quiet --json >"$checkpoint.out" 2>"$tmp/err" ||
        { cat "$tmp/err"; fail "training failed: $*"; }
}

keeps_bits() { # NAME options...
    name=$1
    shift
    train "$tmp/$name-1" "$@" --overwrite
    for n in 2 3 8; do
        train "$tmp/$name-$n" "$@" --overwrite --threads $n
        same "$tmp/$name-1" "$tmp/$name-$n" || fail "$name: $n threads end in other bits"
        [ "$(log_of "$tmp/$name-1.log")" = "$(log_of "$tmp/$name-$n.log")" ] || fail "$name: $n threads log other numbers"
        [ "$(report_of "$tmp/$name-1.out")" = "$(report_of "$tmp/$name-$n.out")" ] ||
            fail "$name: $n threads report other numbers: $(cat "$tmp/$name-1.out" "$tmp/$name-$n.out")"
    done
}

csv="--data $tmp/data.csv --sequence id --epochs 3 --valid 0.2 --valid-every 7"
# shellcheck disable=SC2086 # options are several words
{
    keeps_bits two "$tmp/cell.lua" $csv --shards 2
    keeps_bits four "$tmp/cell.lua" $csv --shards 4
    keeps_bits retain "$tmp/cell.lua" $csv --shards 2 -D k1=2 -D overlap=retain
    keeps_bits versions "$tmp/cell.lua" $csv --shards 4 -D k1=2 -D overlap=versions -D optimizer=rmsprop
    keeps_bits recompute "$tmp/cell.lua" $csv --shards 2 -D k1=2
    keeps_bits skipped "$tmp/cell.lua" $csv --shards 2 -D k1=9
    keeps_bits f64 "$tmp/cell.lua" $csv --shards 4 -p f64
    keeps_bits text $small --batch 6 --k1 10 --k2 10 --shards 3 --data "$tmp/text" --steps 40 --valid 0.05 --valid-every 9
    keeps_bits one $small --batch 1 --k1 10 --k2 10 --data "$tmp/text" --steps 40 --valid 0
    same "$tmp/two-1" "$tmp/four-1" && fail "two shards and four have the same bits: do they differ at all?"

    # Rounding alone is what shards change: after a short training, by parameter.
    for real in f32 f64; do
        for shards in 1 2 4; do
            train "$tmp/$real-$shards" "$tmp/cell.lua" $csv --steps 12 --shards $shards -p $real --overwrite
        done
        tolerance=1e-6
        [ $real = f32 ] || tolerance=1e-12
        for shards in 2 4; do
            "$BUILD/tests/compare" "$tmp/$real-1" "$tmp/$real-$shards" $tolerance rnn. head. init. state. >"$tmp/out" ||
                { cat "$tmp/out"; fail "$real: $shards shards are another training"; }
        done
    done

    # In the middle of it another number of threads, then other shards.
    for overlap in recompute retain versions; do
        line="$tmp/cell.lua $csv -D k1=2 -D overlap=$overlap"
        train "$tmp/whole" $line --shards 4 --steps 30 --overwrite
        train "$tmp/parts" $line --shards 4 --steps 11 --overwrite --threads 2
        train "$tmp/parts" $line --steps 20 --resume --threads 3
        train "$tmp/parts" $line --steps 30 --resume
        same "$tmp/whole" "$tmp/parts" || fail "$overlap: resumed with other threads it ended elsewhere"
    done
    train "$tmp/other" "$tmp/cell.lua" $csv --steps 11 --shards 4 --overwrite
    train "$tmp/other" "$tmp/cell.lua" $csv --steps 20 --shards 2 --resume
    grep -q 'is of a training in 4 shards, which goes on in 2' "$tmp/err" || fail "other shards are not said: $(cat "$tmp/err")"
    "$TAPELESS" train $line --steps 40 --shards 2 --resume --checkpoint "$tmp/parts" --quiet >"$tmp/out" 2>"$tmp/err" &&
        fail "kept steps went on in other shards"
    grep -q 'ran with shards 4 and would go on with 2' "$tmp/err" || fail "the sentence is: $(cat "$tmp/err")"

    # By the interpreter, one shard after the other.
    train "$tmp/interpreted" "$tmp/cell.lua" $csv --steps 12 --shards 2 -p f64 --engine interpreter --threads 2 --overwrite
    "$BUILD/tests/compare" "$tmp/f64-2" "$tmp/interpreted" 1e-12 rnn. head. init. state. >"$tmp/out" ||
        { cat "$tmp/out"; fail "the interpreter makes another training of the shards"; }
    "$TAPELESS" diff "$tmp/cell.lua" --shards 2 -p f64 --resets --masks >"$tmp/out" || { cat "$tmp/out"; fail "diff"; }
    "$TAPELESS" check "$tmp/cell.lua" --shards 4 --resets >"$tmp/out" || { cat "$tmp/out"; fail "check"; }

    # Scores and forecasts.
    use="$tmp/cell.lua --checkpoint $tmp/two-1 --data $tmp/data.csv"
    for lanes in 1 8; do
        "$TAPELESS" eval $use --lanes $lanes --json >"$tmp/score-1"
        for n in 2 3 8 auto; do
            "$TAPELESS" eval $use --lanes $lanes --json --threads $n >"$tmp/score" || fail "eval --threads $n"
            cmp "$tmp/score-1" "$tmp/score" || fail "eval --lanes $lanes --threads $n"
        done
    done
    "$TAPELESS" predict $use --output "$tmp/p-1"
    for n in 2 3 64; do
        "$TAPELESS" predict $use --output "$tmp/p" --threads $n || fail "predict --threads $n"
        cmp "$tmp/p-1" "$tmp/p" || fail "predict --threads $n"
    done
    [ "$(wc -l <"$tmp/p")" = "$(wc -l <"$tmp/data.csv")" ] || fail "a prediction a row: $(wc -l <"$tmp/p")"
}

"$TAPELESS" train "$tmp/cell.lua" --threads many --checkpoint "$tmp/x" 2>"$tmp/err" && fail "--threads many"
grep -q -- '--threads many: it takes a whole number from 1 to 1024, or auto' "$tmp/err" || fail "many: $(cat "$tmp/err")"
"$TAPELESS" show "$tmp/cell.lua" --shards 3 2>"$tmp/err" && fail "3 shards of 8 lanes"
grep -q -- '--shards 3: shards = 3 does not divide batch = 8' "$tmp/err" || fail "3 of 8: $(cat "$tmp/err")"
"$TAPELESS" bench "$tmp/cell.lua" --shards 2 --threads 5 --seconds 0.1 >"$tmp/out" 2>"$tmp/err" || fail "bench --threads 5"
grep -q '2 threads run, not 5: there are 2 shards of its batch of 8;' "$tmp/err" || fail "5 threads: $(cat "$tmp/err")"
"$TAPELESS" bench "$tmp/cell.lua" --shards 2 --threads 2 --seconds 0.1 --json >"$tmp/out" || fail "bench"
grep -q '"window_speedup": ' "$tmp/out" || fail "bench says no speedup: $(cat "$tmp/out")"
# The rule: shards of 32 lanes, 8 at most; if there are no two of these, the fewest of 16.
for pair in 1:1 30:1 31:1 32:2 45:1 47:1 48:2 50:2 51:3 63:3 64:2 96:3 100:2 127:1 128:4 160:5 256:8 1000:8; do
    "$TAPELESS" show "$tmp/cell.lua" --batch "${pair%:*}" --json >"$tmp/out"
    grep -q "\"shards\": ${pair#*:}," "$tmp/out" || fail "batch:shards $pair is $(grep -o '"shards": [0-9]*' "$tmp/out")"
done
finish
