# eval --residuals: mean, deviation, autocorrelation in sequences, how many are beyond the band, Ljung-Box and its chance are those of
# NumPy and SciPy (tests/scipy/residuals.py), also with steps that are not scored; and the picture shows them.
. tests/cli/common.sh
cat >"$tmp/zero.lua" <<'LUA'
return model {
  input = real(1), target = real(1), params = { a = param({ 1 }, 0) }, step = function(p, x) return p.a * x end,
  loss = mse, tbptt = { k1 = 2, k2 = 2 },
}
LUA
cat >"$tmp/compare.py" <<'PY'
import json, sys
want, got = json.load(open("tests/scipy/residuals.json"))[sys.argv[1]], json.load(open(sys.argv[2]))["residuals"][0]
flat = lambda v: [x for y in v for x in flat(y)] if isinstance(v, list) else flat([v[k] for k in sorted(v)]) if isinstance(v, dict) else [v]
for key, value in want.items():
    a, b = flat(value), flat(got[key])
    if len(a) != len(b) or any(abs(x - y) > 1e-9 * (1 + abs(x)) for x, y in zip(a, b)):
        sys.exit(f"{key} is {got[key]}, and {value} by SciPy")
PY
agrees() { # COLUMN HOW DATA OPTIONS...: of the training
    column=$1 how=$2 data=$3
    shift 3
    "$TAPELESS" train "$tmp/zero.lua" -p f64 --engine interpreter --data "$data" --input white --target "$column" --ahead 0 --no-standardise --lr 0 --steps 1 --valid 0 -q \
        --overwrite -c "$tmp/c" --missing mask "$@" >"$tmp/out" 2>&1 || fail "train: $(cat "$tmp/out")"
    "$TAPELESS" eval "$tmp/zero.lua" -p f64 --engine interpreter --data "$data" -c "$tmp/c" --residuals "$tmp/r.svg" --json >"$tmp/json" 2>"$tmp/err" ||
        fail "eval: $(cat "$tmp/err")"
    python3 "$tmp/compare.py" "$column $how" "$tmp/json" >"$tmp/out" 2>&1 || fail "$column $how: $(tail -n 1 "$tmp/out")"
}
sed -n '1p; 78,$p' tests/scipy/residuals.csv >"$tmp/last.csv"
for column in white red gaps; do
    agrees $column whole tests/scipy/residuals.csv
    agrees $column parts tests/scipy/residuals.csv --sequence id
done
agrees red last "$tmp/last.csv"
agrees white last "$tmp/last.csv"

run() { "$TAPELESS" eval "$tmp/zero.lua" -p f64 --engine interpreter -c "$tmp/c" "$@" >"$tmp/out" 2>"$tmp/err"; }
agrees red whole tests/scipy/residuals.csv
run --data tests/scipy/residuals.csv --residuals "$tmp/r.svg" || fail "for people: $(cat "$tmp/err")"
grep -q '^residuals of red  *mean [0-9.]*, deviation [0-9.]*; [0-9]* of 22 autocorrelations beyond 0.209, the largest [0-9.]* at lag 1; Ljung-Box over 10 lags Q [0-9.]*, p [0-9.e-]*: what is left is not noise$' \
    "$tmp/out" || fail "for people: $(cat "$tmp/out")"
for word in residual lag autocorrelation 'normal distribution' 'of noise, 19 of 20 are inside'; do
    grep -q ">$word<" "$tmp/r.svg" || fail "the picture has no $word"
done
lines() { tr '\n' ' ' <"$1" | grep -o "<path stroke='rgb(209,  73,  91)'[^>]*>" | grep -o 'M[0-9]' | wc -l; }
[ "$(lines "$tmp/r.svg")" = 1 ] || fail "the residuals of one sequence are $(lines "$tmp/r.svg") lines"
agrees red parts tests/scipy/residuals.csv --sequence id
sequences=$(tail -n +2 tests/scipy/residuals.csv | cut -d, -f1 | sort -u | wc -l)
[ "$(lines "$tmp/r.svg")" = "$sequences" ] || fail "the residuals of $sequences sequences are $(lines "$tmp/r.svg") lines"
agrees white whole tests/scipy/residuals.csv
run --data tests/scipy/residuals.csv --residuals "$tmp/r.svg" || fail "for people: $(cat "$tmp/err")"
grep -q '^residuals of white .*: nothing speaks against noise$' "$tmp/out" || fail "noise: $(cat "$tmp/out")"
head -9 tests/scipy/residuals.csv >"$tmp/few.csv"
run --data "$tmp/few.csv" --residuals "$tmp/r.svg" && fail "8 steps"
grep -qF -e '--residuals: 8 steps are scored, and too few' "$tmp/err" || fail "$(cat "$tmp/err")"
run --data tests/scipy/residuals.csv --residuals "$tmp/r.pdf" && fail "a .pdf"
grep -qF -e '--residuals' "$tmp/err" || fail "$(cat "$tmp/err")"
finish
