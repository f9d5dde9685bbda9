# eval of classes, of tokens and of what bce compares: accuracy, precision, recall, F1, AUC, log loss, Brier score and the
# confusion matrix are those of scikit-learn (tests/sklearn/classes.py), also where scores are tied, steps are weighed and a
# class does not occur.
. tests/cli/common.sh
spec=tests/sklearn/logits.lua
data=tests/sklearn/classes.csv
cat >"$tmp/compare.py" <<'PY'
import json, sys
want, target = json.load(open("tests/sklearn/classes.json"))[sys.argv[1]], json.load(open(sys.argv[2]))["targets"][0]
for name, value in want.items():
    if name in ("precision", "recall", "weight") or (name == "f1" and isinstance(value, list)):
        got = [c[name] for c in target["classes"]]
    else:
        got = target[name]
    flat = lambda v: [x for y in v for x in flat(y)] if isinstance(v, list) else [v]
    if len(flat(got)) != len(flat(value)) or any(abs(g - v) > 2e-6 for g, v in zip(flat(got), flat(value))):
        sys.exit(f"{name} is {got}, scikit-learn has {value}")
PY

agrees() { # CLASSES TARGET alike|weighed OPTION...
    n=$1 target=$2 how=$3
    shift 3
    inputs=$(seq -s, -f 'a%g' "$n")
    for precision in f32 f64; do
        "$TAPELESS" train $spec -D n="$n" -p $precision --engine interpreter --data $data --input "$inputs" --target "$target" --lr 0 --steps 1 --valid 0 -q \
            --overwrite -c "$tmp/c" "$@" >"$tmp/out" 2>&1 || fail "train $n: $(cat "$tmp/out")"
        for threads in 1 2; do
            "$TAPELESS" eval $spec -D n="$n" -p $precision --engine interpreter --data $data -c "$tmp/c" --threads $threads --confusion --json >"$tmp/json" 2>"$tmp/err" ||
                fail "eval $n: $(cat "$tmp/err")"
            python3 "$tmp/compare.py" "$n $how" "$tmp/json" >"$tmp/out" 2>&1 || fail "$n $how, $precision, $threads threads: $(tail -n 1 "$tmp/out")"
        done
    done
}
for n in 2 3 12; do
    agrees $n c$n alike
    agrees $n c$n weighed --weight w
done
agrees 1 c2 alike
"$TAPELESS" eval $spec -D n=1 -p f64 --engine interpreter --data $data -c "$tmp/c" >"$tmp/out" || fail "eval for people"
grep -q '^classes of c2  *accuracy [0-9.]*, F1 [0-9.]*, AUC [0-9.]*, Brier [0-9.]*, log loss [0-9.]*, always the commonest is right [0-9.]*$' "$tmp/out" ||
    fail "for people: $(cat "$tmp/out")"
agrees 1 c2 weighed --weight w

# For people: rows of classes where these are few, the matrix where it is asked for.
agrees 3 c3 alike
"$TAPELESS" eval $spec -D n=3 -p f64 --engine interpreter --data $data -c "$tmp/c" --confusion >"$tmp/out" || fail "--confusion"
python3 - "$tmp/out" <<'PY' || fail "--confusion: $(cat "$tmp/out")"
import json, sys
want, lines = json.load(open("tests/sklearn/classes.json"))["3 alike"], [l.split() for l in open(sys.argv[1])]
at = lines.index("confusion of c3: a row is what is true, a column what is said".split())
assert lines[at + 1] == ["0", "1", "2"]
assert [[float(x) for x in l[1:]] for l in lines[at + 2:at + 5]] == want["confusion"]
at = lines.index(["c3", "precision", "recall", "F1", "steps"])
assert [float(l[4]) for l in lines[at + 1:at + 4]] == want["weight"]
PY
"$TAPELESS" eval $spec -D n=3 -p f64 --engine interpreter --data $data -c "$tmp/c" --plot "$tmp/p.svg" >"$tmp/out" || fail "--plot"
for number in $(python3 -c "import json; print(*(int(x) for row in json.load(open('tests/sklearn/classes.json'))['3 alike']['confusion'] for x in row))"); do
    grep -q ">$number<" "$tmp/p.svg" || fail "the picture has no $number"
done
make_text "$tmp/text"
# shellcheck disable=SC2086
{
    "$TAPELESS" train $small --data "$tmp/text" --steps 3 --engine interpreter -q -c "$tmp/t" >"$tmp/out" 2>&1 || fail "text: $(cat "$tmp/out")"
    "$TAPELESS" eval $small --data "$tmp/text" --engine interpreter -c "$tmp/t" >"$tmp/out" || fail "eval of text"
    grep -q 'precision' "$tmp/out" && fail "a row for each of many characters: $(cat "$tmp/out")"
    bits=$(awk '$1 == "loss_bits_per_character" { print $2 }' "$tmp/out")
    sed -n 's/^classes of target .* perplexity \([0-9.]*\),.*/\1/p' "$tmp/out" | awk -v bits="$bits" '{ d = log($1) / log(2) - bits; exit !(d * d < 1e-8) }' ||
        fail "bits and perplexity: $(cat "$tmp/out")"
    "$TAPELESS" eval $small --data "$tmp/text" --engine interpreter -c "$tmp/t" --confusion >"$tmp/out" || fail "--confusion of text"
    grep -q "^  ' '  *[0-9.]" "$tmp/out" || fail "characters are not called by themselves: $(cat "$tmp/out")"
}
"$TAPELESS" eval models/scalar.lua --engine interpreter --steps 3 --confusion -c "$tmp/none" >"$tmp/out" 2>&1 && fail "--confusion of what has no classes"
finish
