# --watch on a terminal: one picture as wide as that, redrawn in its place, below what is said in between and above the progress; in plain
# characters where there is no UTF-8; none where it has no room, or where the progress goes to a file.
. tests/cli/common.sh
PYTHONIOENCODING=utf-8
export PYTHONIOENCODING
if ! script -qec true /dev/null >"$tmp/out" 2>&1; then
    echo "skipped: script(1), of bsdutils, makes no terminal"
    exit 77
fi
train="train models/sunspots.lua --data models/data/sunspots.csv --engine interpreter --overwrite -c $tmp/c --epochs 200 --watch
    --set train.schedule=reduce_on_plateau --set train.schedule.patience=20"
on_terminal() { # COLUMNS VARIABLE=VALUE...: $tmp/screen is what stands there at the end
    columns=$1
    shift
    # shellcheck disable=SC2086
    env -u LC_ALL -u LC_CTYPE -u LANG -u NO_COLOR "$@" script -qec "stty cols $columns rows 30; \"$TAPELESS\" $(echo $train)" "$tmp/typescript" >"$tmp/out" 2>&1 ||
        fail "$*: $(tail -n 3 "$tmp/out")"
    python3 tests/tools/terminal.py "$tmp/typescript" >"$tmp/screen" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
foot() { # how many pictures; the last update is in none but the last
    grep -c "$1 training   $2 validation  *[0-9]*\$" "$tmp/screen"
    grep -q "validation  *5200\$" "$tmp/screen" || fail "the picture ends elsewhere"
}

on_terminal 100 LANG=C.UTF-8
[ "$(foot '⠤' '⠛')" = 1 ] || fail "there is not one picture: $(cat "$tmp/screen")"
python3 -c 'import sys; sys.exit(sum(any("\u2801" <= c <= "\u28ff" for c in line) for line in open(sys.argv[1], encoding="utf-8")) < 10)' "$tmp/screen" || fail "there is no curve: $(cat "$tmp/screen")"
grep -q '^update 5200/5200 ' "$tmp/screen" || fail "there is no progress below it"
[ "$(grep -c 'validations in a row were no better' "$tmp/screen")" -ge 1 ] || fail "what was said is gone: $(cat "$tmp/screen")"
awk '/^up / { exit !($2 > 1 && $4 > 10) }' "$tmp/screen" || fail "it is not redrawn: $(tail -n 1 "$tmp/screen")"
python3 -c 'import sys; sys.exit(max(len(line.rstrip("\n")) for line in open(sys.argv[1], encoding="utf-8") if "5200" in line and "training" in line) != 99)' \
    "$tmp/screen" || fail "it is not as wide as the terminal: $(grep training "$tmp/screen")"

on_terminal 60 LC_ALL=C NO_COLOR=1
[ "$(foot '[*]' o)" = 1 ] || fail "in plain characters there is not one picture: $(cat "$tmp/screen")"
LC_ALL=C grep -q '[^ -~]' "$tmp/screen" && fail "there are characters that are not plain"
grep -q '[*][*]' "$tmp/screen" || fail "in plain characters there is no curve"
grep -q 'colours 0$' "$tmp/screen" || fail "there are colours: $(tail -n 1 "$tmp/screen")"

on_terminal 40 LANG=C.UTF-8
grep -q 'training *⠛' "$tmp/screen" && fail "there is a picture where there is no room"

# shellcheck disable=SC2086
"$TAPELESS" $train >"$tmp/out" 2>"$tmp/err" || fail "to a file: $(cat "$tmp/err")"
LC_ALL=C grep -q '[^ -~]' "$tmp/err" && fail "a file gets more than plain lines"
grep -q '^update 5200/5200 ' "$tmp/err" || fail "to a file there is no progress: $(cat "$tmp/err")"
# shellcheck disable=SC2086
if "$TAPELESS" $train --quiet >"$tmp/out" 2>&1; then fail "--quiet"; fi
grep -q -- '--watch draws the curve, --quiet shows nothing: choose one' "$tmp/out" || fail "--quiet: $(cat "$tmp/out")"
finish
