# kill -9 in 100 of the calls that write and replace files, of a training that saves after every update:
# what is on the disk always loads, and training can go on from it.
. tests/cli/common.sh
make_text "$tmp/text"
# shellcheck disable=SC2086 # $small is several words
"$TAPELESS" build $small -o "$tmp"
trainer=$tmp/charlstm
checkpoint=$tmp/c.safetensors
"$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --quiet >/dev/null
head -c 4000 "$tmp/text" >"$tmp/part"

moment=1
while [ $moment -le 100 ]; do
    status=0
    LD_PRELOAD="$BUILD/tests/kill_at.so" KILL_AT=$((3 * moment)) "$trainer" train --data "$tmp/text" --steps 1000 --save-updates 1 \
        --checkpoint "$checkpoint" --resume --quiet >/dev/null 2>"$tmp/why" || status=$?
    [ $status = 137 ] || fail "moment $moment: exit status $status, not 137: $(cat "$tmp/why")"
    "$trainer" eval --checkpoint "$checkpoint" --data "$tmp/part" --json >"$tmp/score" 2>"$tmp/why" ||
        { cat "$tmp/why"; fail "moment $moment: the checkpoint does not load"; }
    moment=$((moment + 1))
done
# What such a kill may have left is removed; what is somebody's, or somebody is at work on, is not.
: >"$checkpoint.tapeless-abcDEF"
: >"$checkpoint.tapeless-living"
echo "important" >"$checkpoint.backup"
exec 9<>"$checkpoint.tapeless-living"
flock 9
"$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --resume >/dev/null 2>"$tmp/said" 9>&-
exec 9>&-
grep -q 'removed [1-9][0-9]* temporary file' "$tmp/said" || fail "nothing is said of what was removed: $(cat "$tmp/said")"
find "$tmp" -name 'c.safetensors.*' | sort >"$tmp/left"
printf '%s\n' "$checkpoint.backup" "$checkpoint.tapeless-living" | cmp -s - "$tmp/left" ||
    fail "beside the checkpoint there are: $(cat "$tmp/left")"
updates=$("$trainer" train --data "$tmp/text" --steps 1 --checkpoint "$checkpoint" --resume --quiet --json |
    sed -n 's/.*"updates": \([0-9]*\).*/\1/p')
[ "${updates:-0}" -gt 100 ] || fail "after 100 trainings there are ${updates:-no} updates: nothing was saved"
echo "$updates updates"
finish
