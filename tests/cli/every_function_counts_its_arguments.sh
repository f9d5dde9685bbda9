# Whatever function of the language is called with an argument too few, one too many, or an option that it has
# not, says so and names the line.
. tests/cli/common.sh
luajit tests/tools/wrong_calls.lua >"$tmp/calls.lua" 2>"$tmp/want" || fail "$(cat "$tmp/want")"
"$TAPELESS" compile "$tmp/calls.lua" -o "$tmp/out" 2>"$tmp/said" || fail "$(tail -n 1 "$tmp/said")"
[ "$(wc -l <"$tmp/want")" -gt 150 ] || fail "only $(wc -l <"$tmp/want") calls were made"
[ "$(wc -l <"$tmp/want")" = "$(wc -l <"$tmp/said")" ] || fail "$(diff "$tmp/want" "$tmp/said" | head -n 5)"
paste -d '\t' "$tmp/want" "$tmp/said" | awk -F '\t' -v file="$tmp/calls.lua" '
    index($2, file ":" NR ": " $1) != 1 { print "FAILED: wanted " $1 ", got " $2; bad = 1 }
    END { exit bad }' || failures=$((failures + 1))
finish
