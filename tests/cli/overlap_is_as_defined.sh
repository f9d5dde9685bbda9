# Every TBPTT(k1, k2) with k1, k2 in 1 .. 5: windows that ramp up, overlap, end in a tail, and steps that
# are only passed through; each way to count, to weigh and reduce, each way to treat overlapping steps. Loss and
# gradient norm of every update against a rolled loop in Lua, to 1e-10, by both engines.
. tests/cli/common.sh
"$BUILD/tests/overlap_runs" >"$tmp/lines" || fail "$(tail -n 1 "$tmp/lines")"
luajit tests/overlap/reference.lua "$tmp/lines" 1098 || fail "they differ"
finish
