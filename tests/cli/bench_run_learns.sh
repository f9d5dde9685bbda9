# bench/run --learning without peers: rows of Jacobians and of updates, and the same as JSON. How fast is not asked here.
. tests/cli/common.sh

python3 bench/run --learning --quick --peers none --tapeless "$TAPELESS" --json "$tmp/json" >"$tmp/out" || fail "bench/run"
grep -Eq '^elman 10, 500 steps +131( +[0-9.,]+){3} +- +- +-$' "$tmp/out" || fail "no row: $(cat "$tmp/out")"
grep -Eq '^EKF, decoupled +f64 +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+$' "$tmp/out" || fail "no row: $(cat "$tmp/out")"
python3 - "$tmp/json" <<'PY' || fail "the JSON is not as it should be"
import json, sys
result = json.load(open(sys.argv[1]))
assert [(j["model"], j["parameters"]) for j in result["jacobians"]] == [("elman", 131), ("lstm", 1361)]
for times in (t for j in result["jacobians"] for t in j["times"].values()):
    assert 0 < times["best_us"] <= times["median_us"]
rows = {(s["update"], s["real"]): s for s in result["streams"]}
assert len(rows) == 6 and all(0 < r["best_us"] <= r["median_us"] for r in rows.values())
# Sensitivities of 12 states to 12 + 144 + 12 parameters times U; 8 FLOP for each of the half of P, 181 wide.
assert rows["RTRL, SGD", "f32"]["flops"] == 2 * 12 * 12 * 168
assert rows["EKF", "f32"]["flops"] == 2 * 12 * 12 * 168 + 8 * 181 * 182 // 2
assert rows["EKF, decoupled", "f32"]["flops"] == 2 * 12 * 12 * 168 + 8 * (12 * 14 * 15 // 2 + 13 * 14 // 2)
PY
finish
