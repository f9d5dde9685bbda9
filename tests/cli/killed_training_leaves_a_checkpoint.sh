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
updates=$("$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --resume --quiet --json |
    sed -n 's/.*"updates": \([0-9]*\).*/\1/p')
[ "${updates:-0}" -gt 100 ] || fail "after 100 trainings there are ${updates:-no} updates: nothing was saved"
leftover=$(find "$tmp" -name 'c.safetensors.*' | wc -l)
echo "$updates updates; $leftover temporary files left by kills"
finish
