# A loss that is a table of scalars by name is trained on as their sum, to the bit, and each is logged, validated and scored apart, by both
# engines, in any number of shards and threads; where steps are kept and the training goes on in another run, too. So are the losses of
# several outputs by a standard loss. An optimizer of the whole record knows them of held-out data alone.
. tests/cli/common.sh
cat >"$tmp/words.lua" <<'LUA'
local o = options { names = true, only = "", k1 = 4, k2 = 4, overlap = "recompute", loss = "new", batch = 4 }
return model {
  input  = token(12),
  target = { word = token(12), score = real(1) },
  params = { embed = nn.embedding(12, 6), rnn = nn.rnn(6, 8), word = nn.linear(8, 12), score = nn.linear(8, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(p.embed(x), s.rnn)
    return { word = p.word(h), score = p.score(h) }, { rnn = rnn }
  end,
  loss   = function(y, target)
    local all = { word = cross_entropy(y.word, target.word), score = 0.1 * mse(y.score, target.score) }
    return all[o.only] or o.names and all or all.score + all.word
  end,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = o.batch, loss = o.loss, overlap = o.overlap },
}
LUA
awk 'BEGIN { print "x,word,score"; s = 3
    for (t = 0; t < 400; t++) {
        s = (s * 1103515245 + 12345) % 2147483648; a = int(s / 65536) % 12; print a "," (a * 5 + before) % 12 "," sin(t / 7); before = a
    } }' >"$tmp/words.csv"

every=8
train() { # NAME OPTIONS...
    name=$1
    shift
    "$TAPELESS" train "$tmp/words.lua" --precision f64 --data "$tmp/words.csv" --input x --target word=word --target score=score \
        --valid-every "$every" --quiet --json --checkpoint "$tmp/$name" --log "$tmp/$name.csv" "$@" >"$tmp/$name.json" 2>"$tmp/err" ||
        { cat "$tmp/err"; fail "$name: train $*"; }
}

# adds_up LOG LOSS - in every row in which it stands, the column LOSS is the sum of LOSS.score and LOSS.word.
adds_up() {
    awk -F, -v loss="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; if (!at[loss] || !at[loss ".score"] || !at[loss ".word"]) exit 1; next }
        $at[loss] == "" { if ($at[loss ".word"] != "") exit 1; next }
        { d = $at[loss ".score"] + $at[loss ".word"] - $at[loss]; if (d > 1e-12 || d < -1e-12 || !($at[loss ".word"] > 0)) exit 1; n++ }
        END { exit !(n > 5) }' "$1" || fail "$1: $2 is not the sum of its parts: $(head -n 3 "$1")"
}

number() { # FILE NAME: of a report in JSON
    sed -n 's/.*"'"$2"'": \([0-9.e+-]*\).*/\1/p' "$1"
}

train named --steps 64
adds_up "$tmp/named.csv" loss
adds_up "$tmp/named.csv" valid_loss
train sum --steps 64 -D names=false
"$BUILD/tests/compare" "$tmp/named" "$tmp/sum" 0 embed rnn word score optim >"$tmp/out" 2>&1 || fail "names change the training: $(cat "$tmp/out")"
[ "$(cut -d, -f1-7 "$tmp/named.csv")" = "$(cat "$tmp/sum.csv")" ] || fail "names change the log"
for column in last_loss valid_loss; do
    last=$(awk -F, -v name="$column.word" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name || "last_" $i == name) c = i } END { print $c }' "$tmp/named.csv")
    [ "$(printf %.10g "$(number "$tmp/named.json" "$column.word")")" = "$(printf %.10g "$last")" ] ||
        fail "the report's $column.word is not the log's $last: $(cat "$tmp/named.json")"
done

# What is scored under a name is what a model with that loss alone scores.
for only in word score; do
    "$TAPELESS" eval "$tmp/words.lua" --precision f64 -c "$tmp/named" --data "$tmp/words.csv" --json >"$tmp/eval.json" 2>&1 || fail "eval: $(cat "$tmp/eval.json")"
    "$TAPELESS" eval "$tmp/words.lua" --precision f64 -c "$tmp/named" --data "$tmp/words.csv" --json -D only=$only >"$tmp/only.json" 2>&1 ||
        fail "eval -D only=$only: $(cat "$tmp/only.json")"
    [ "$(printf %.12g "$(number "$tmp/eval.json" "loss.$only")")" = "$(printf %.12g "$(number "$tmp/only.json" loss)")" ] ||
        fail "eval says $(number "$tmp/eval.json" "loss.$only") of $only, alone it is $(number "$tmp/only.json" loss)"
done

# By the interpreter, in two shards, and in threads of them.
same_log() { # NAME DIGITS
    for log in named "$1"; do
        awk -F, -v OFS=, -v d="$2" 'NR > 1 { for (i = 4; i <= NF; i++) if ($i != "") $i = sprintf("%." d "g", $i) } { print }' "$tmp/$log.csv" >"$tmp/$log.round"
    done
    cmp -s "$tmp/named.round" "$tmp/$1.round" || fail "$1 logs other losses: $(diff "$tmp/named.round" "$tmp/$1.round" | head -n 4)"
}
train interpreter --steps 64 --engine interpreter
same_log interpreter 9
train shards --steps 64 --shards 2
same_log shards 9
train threads --steps 64 --shards 2 --threads 2
cmp -s "$tmp/shards.csv" "$tmp/threads.csv" || fail "two threads log other losses"

# Steps that are kept keep their losses, from run to run.
kept="--shards 2 -D k1=2 -D k2=6 -D overlap=retain -D loss=all"
# shellcheck disable=SC2086
{
    train whole --engine interpreter $kept --steps 20
    train parts --engine interpreter $kept --steps 7
    train parts --engine interpreter $kept --steps 20 --resume
    train kept $kept --steps 20
}
adds_up "$tmp/whole.csv" loss
cmp -s "$tmp/whole.csv" "$tmp/parts.csv" || fail "resumed it logs other losses: $(diff "$tmp/whole.csv" "$tmp/parts.csv" | head -n 4)"
cp "$tmp/whole.csv" "$tmp/named.csv"
same_log kept 9

# One window.
"$BUILD/tests/tensors" write "$tmp/window.safetensors" input 4x4i $(seq 0 9) $(seq 0 5) -- target.word 4x4i $(seq 5 11) $(seq 0 8) -- \
    target.score 4x4x1 $(seq 1 16) >/dev/null 2>&1 || fail "tensors"
"$TAPELESS" grad "$tmp/words.lua" --precision f64 --params "$tmp/named" --data "$tmp/window.safetensors" --out "$tmp/grad" >"$tmp/out" 2>&1 ||
    fail "grad: $(cat "$tmp/out")"
for name in loss loss.word loss.score; do
    "$BUILD/tests/tensors" print "$tmp/grad" "$name" | tail -n 1
done | tr '\n' ' ' | awk '{ d = $1 - $2 - $3; exit !($2 > 0 && $3 > 0 && d < 1e-12 && d > -1e-12) }' || fail "grad's losses do not add up"

# Of the whole record.
every=1
train record --engine interpreter --optimizer lbfgs --steps 8
adds_up "$tmp/record.csv" valid_loss
awk -F, 'NR > 1 && ($8 != "" || $9 != "") { exit 1 }' "$tmp/record.csv" || fail "lbfgs: losses that nobody took: $(tail -n 1 "$tmp/record.csv")"

# Outputs by name and a standard loss; the line that people see.
sed 's/token(12), score = real(1)/real(2), score = real(1)/; s/nn.linear(8, 12), score/nn.linear(8, 2), score/
    /^  loss   = function/,/^  end,/d; s/^  tbptt/  loss   = mse,\n  tbptt/' "$tmp/words.lua" >"$tmp/several.lua"
"$TAPELESS" train "$tmp/several.lua" --engine interpreter --precision f64 --data "$tmp/words.csv" --input x --target word=word,x --target score=score \
    --epochs 1 --checkpoint "$tmp/several" --log "$tmp/several.csv" >"$tmp/out" 2>"$tmp/err" || fail "several outputs: $(cat "$tmp/err")"
adds_up "$tmp/several.csv" loss
grep -q 'loss [0-9.]* (score [0-9.]*, word [0-9.]*)  valid [0-9.]* (score [0-9.]*, word [0-9.]*)' "$tmp/err" || fail "the line says: $(cat "$tmp/err")"
finish
