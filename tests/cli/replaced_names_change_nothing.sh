# A spec that gives every name of the language and of Lua's libraries another meaning: what is said of its
# mistakes, and its model, are what they are without. Nothing shows an address.
. tests/cli/common.sh
luajit tests/tools/replaced_names.lua >"$tmp/spec.lua" || fail "no spec"
for evil in false true; do
    "$TAPELESS" compile "$tmp/spec.lua" -D evil=$evil -d spec >"$tmp/model.$evil" 2>"$tmp/said.$evil" ||
        fail "evil=$evil: $(tail -n 1 "$tmp/said.$evil")"
    sed 's/^option evil .*//' "$tmp/model.$evil" >"$tmp/graph.$evil"
done
[ "$(wc -l <"$tmp/said.false")" -gt 150 ] || fail "only $(wc -l <"$tmp/said.false") mistakes were made"
[ "$(wc -l <"$tmp/model.false")" -gt 100 ] || fail "the model has only $(wc -l <"$tmp/model.false") nodes"
diff "$tmp/said.false" "$tmp/said.true" || fail "what is said of mistakes depends on what a spec calls evil"
cmp "$tmp/graph.false" "$tmp/graph.true" || fail "the model depends on it"
grep -E '0x[0-9a-f]{4}' "$tmp/said.true" && fail "an address"
grep -i -E 'internal|tapeless/' "$tmp/said.true" && fail "something of the inside"
finish
