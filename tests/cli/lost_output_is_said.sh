# What was printed and could not be written is exit status 2 and a sentence, for every command; a closed
# standard output is one that cannot be written, and no file is printed into in its place.
. tests/cli/common.sh
spec=models/scalar.lua
checkpoint=$tmp/scalar.safetensors
"$TAPELESS" train $spec --steps 3 --precision f64 -c "$checkpoint" -q >/dev/null
"$TAPELESS" build $spec -o "$tmp" --precision f64 >/dev/null
"$BUILD/tests/tensors" write "$tmp/mask.safetensors" mask 2x1 1 1

lost() { # WORD...
    status=0
    "$@" >/dev/full 2>"$tmp/err" || status=$?
    [ $status = 2 ] || fail "$* > /dev/full: status $status: $(cat "$tmp/err")"
    grep -q 'standard output: .*lost\|standard output: No space' "$tmp/err" || fail "$*: $(cat "$tmp/err")"
    status=0
    "$@" >&- 2>"$tmp/err" || status=$?
    [ $status = 2 ] || fail "$* >&-: status $status: $(cat "$tmp/err")"
}

lost "$TAPELESS" --help
lost "$TAPELESS" --version
lost "$TAPELESS" show --help
lost "$TAPELESS" show $spec
lost "$TAPELESS" show $spec --json
lost "$TAPELESS" show $spec --dot
lost "$TAPELESS" compile $spec -d spec
lost "$TAPELESS" diff $spec
lost "$TAPELESS" check $spec
lost "$TAPELESS" grad $spec --params "$checkpoint" --data "$tmp/mask.safetensors" --out "$tmp/g"
lost "$TAPELESS" train --help
lost "$TAPELESS" train $spec --steps 2 --precision f64 -c "$tmp/again" --overwrite --engine interpreter
for trainer in "$TAPELESS" "$tmp/scalar"; do
    [ "$trainer" = "$TAPELESS" ] && more="$spec --precision f64" || more=
    # shellcheck disable=SC2086 # $more is several words
    for command in "info" "info --json" "bench --seconds 0.01" "eval --steps 4 -c $checkpoint" "train --help" \
        "train --steps 2 -c $tmp/again --overwrite -q"; do
        # shellcheck disable=SC2086
        set -- $command
        name=$1
        shift
        # shellcheck disable=SC2086
        lost "$trainer" "$name" $more "$@"
    done
done
lost "$tmp/scalar" --help
make_text "$tmp/text"
# shellcheck disable=SC2086
"$TAPELESS" train $small --data "$tmp/text" --steps 1 -c "$tmp/c" -q >/dev/null
# shellcheck disable=SC2086
lost "$TAPELESS" sample $small -c "$tmp/c" --length 20

# A training whose standard output is closed writes its checkpoint, and nothing else into it.
"$tmp/scalar" train --steps 2 -c "$tmp/one" -q >/dev/null
"$tmp/scalar" train --steps 2 -c "$tmp/two" -q --json >&- 2>/dev/null && fail "a lost report is not said"
"$tmp/scalar" eval --steps 4 -c "$tmp/two" --json >"$tmp/score" || fail "the checkpoint is damaged"
finish
