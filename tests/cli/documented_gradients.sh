# The gradients in the table of docs/semantics.md are those that training takes.
. tests/cli/common.sh
page=docs/semantics.md
awk '/^```lua$/ { inside = 1; next } /^```/ { inside = 0 } inside' $page >"$tmp/scalar.lua"

rows=0
for lr in 0 0.1; do
    "$TAPELESS" train "$tmp/scalar.lua" --precision f64 --steps 5 --lr $lr --quiet --checkpoint "$tmp/c$lr" \
        --log "$tmp/log$lr" >/dev/null || fail "training at learning rate $lr"
    taken=$(awk -F, 'NR > 1 { printf "%s ", $6 }' "$tmp/log$lr")
    promised=$(sed -n "s/^| .--lr $lr. |\(.*\)|$/\1/p" $page | tr -d '|')
    echo "$taken $promised" | awk '{
        for (i = 1; i <= 5; i++) if (($i - $(i + 5)) ^ 2 > 3e-19) { print "t = " i ": " $i ", not " $(i + 5); bad = 1 }
        exit bad || NF != 10 }' || fail "learning rate $lr: $taken"
    rows=$((rows + 1))
done
[ $rows = 2 ] || fail "rows are missing"
finish
