# kill -9 at 100 moments of a training that saves after every update: what is on the disk always
# loads, and training can go on from it.
. tests/cli/common.sh
make_text "$tmp/text"
# shellcheck disable=SC2086 -- $small is several words
"$TAPELESS" build $small -o "$tmp"
trainer=$tmp/charlstm
checkpoint=$tmp/c.safetensors
"$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --quiet >/dev/null

moment=1
updates_before=1
while [ $moment -le 100 ]; do
    "$trainer" train --data "$tmp/text" --epochs 100000 --save-updates 1 --checkpoint "$checkpoint" --resume --quiet \
        >/dev/null 2>&1 &
    pid=$!
    # 10 .. 69 ms, in an order without a pattern
    sleep 0.0$(((moment * 37) % 60 + 10))
    kill -9 $pid 2>/dev/null || fail "moment $moment: training had ended by itself"
    wait $pid 2>/dev/null || true
    "$trainer" eval --checkpoint "$checkpoint" --data "$tmp/text" --lanes 50 --json >"$tmp/score" 2>"$tmp/why" ||
        { cat "$tmp/why"; fail "moment $moment: the checkpoint does not load"; }
    moment=$((moment + 1))
done
# What such a kill may have left is removed; what is somebody's, or somebody is at work on, is not.
: >"$checkpoint.tapeless-abcDEF"
: >"$checkpoint.tapeless-living"
echo "important" >"$checkpoint.backup"
(flock 9 && exec sleep 60) 9<>"$checkpoint.tapeless-living" >/dev/null 2>&1 &
living=$!
sleep 0.2
"$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --resume >/dev/null 2>"$tmp/said"
kill $living
grep -q 'removed [1-9][0-9]* temporary file' "$tmp/said" || fail "nothing is said of what was removed: $(cat "$tmp/said")"
find "$tmp" -name 'c.safetensors.*' | sort >"$tmp/left"
printf '%s\n' "$checkpoint.backup" "$checkpoint.tapeless-living" | cmp -s - "$tmp/left" ||
    fail "beside the checkpoint there are: $(cat "$tmp/left")"
updates=$("$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --resume --quiet --json |
    sed -n 's/.*"updates": \([0-9]*\).*/\1/p')
[ "${updates:-0}" -gt 100 ] || fail "after 100 trainings there are ${updates:-no} updates: nothing was saved"
echo "$updates updates"
finish
