# bench/run without peers: a row with the figures of the workload, and the same as JSON. How fast is not asked here.
. tests/cli/common.sh

python3 bench/run --quick --peers none --workloads online_tiny,lstm_cnn --optimizer adam --tapeless "$TAPELESS" \
    --json "$tmp/json" >"$tmp/out" || fail "bench/run"
grep -Eq '^online_tiny +adam +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+$' "$tmp/out" || fail "no row: $(cat "$tmp/out")"
python3 - "$tmp/json" <<'PY' || fail "the JSON is not as it should be"
import json, sys
result = json.load(open(sys.argv[1]))
assert result["machine"]["processor"] and result["failures"] == []
rows = {row["name"]: row for row in result["workloads"]}
assert list(rows) == ["online_tiny", "lstm_cnn"]
for row in rows.values():
    ours = row["times"]["tapeless"]
    assert 0 < ours["best_us"] <= ours["median_us"] and len(ours["rounds"]) == 2
    assert 0 < row["fraction_of_peak"] <= 1 and row["fraction_of_peak"] == row["gflops"] / result["peak"]["f32"]
    assert abs(row["gflops"] * ours["best_us"] * 1e3 / row["products"] - 1) < 1e-9
    assert row["build"]["c_lines"] > 100 and row["build"]["object_text_bytes"] > 1000 and row["build"]["cc_seconds"] > 0
# 9 steps of an LSTM of 16 over 4 inputs: forward, dW, dh of all but the first; and a head of one row, on one step.
assert rows["online_tiny"]["products_as_written"] == 2 * (9 * 64 * 20 * 2 + 8 * 64 * 16 + 3 * 16)
PY
python3 bench/run --workloads nothing 2>"$tmp/err" && fail "a workload that there is not"
grep -q 'there is no nothing; there are online_tiny' "$tmp/err" || fail "says: $(cat "$tmp/err")"
python3 bench/run --quick --peers torch --env "$tmp" --workloads elman12 --tapeless "$TAPELESS" >"$tmp/out" \
    2>"$tmp/err" || fail "a peer that is not installed"
grep -q '^elman12: PyTorch: not installed: .*bench/setup' "$tmp/err" || fail "says: $(cat "$tmp/err")"
grep -q '^elman12 ' "$tmp/out" || fail "no row where a peer is not installed"
finish
