# scripts/zoo: every entry runs, on little data with few updates, and makes a figure, its checkpoint and a picture; docs/zoo.md and its pictures have
# them all; a figure that is worse than its bound is exit status 1, one that is no number 2.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export TAPELESS ZOO="$tmp/made" PYTHONHASHSEED=1
scripts/zoo --quick --verbose --all >"$tmp/figures" 2>"$tmp/err" || fail "--quick --all: $(cat "$tmp/figures" "$tmp/err")"
scripts/zoo --list >"$tmp/list"
while read -r name what; do
    [ "$what" ] || fail "zoo/$name.lua does not begin with what it is"
    grep -q "^## $name\$" docs/zoo.md && grep -q "^| \[$name\](#$name) |" docs/zoo.md || fail "docs/zoo.md has no section or no row for $name"
    grep -qF "![$name](zoo/$name.svg)" docs/zoo.md && [ -s "docs/zoo/$name.svg" ] || fail "docs/zoo.md has no picture of $name"
    [ "$(wc -c <"docs/zoo/$name.svg")" -le 60000 ] || fail "docs/zoo/$name.svg is larger than 60 kB"
    case $name in digits | ecg | language)
        if grep -q "^$name: left out: it needs .*(scripts/zoo-packages.txt)\$" "$tmp/figures"; then continue; fi ;;
    esac
    grep -qE "^$name: .* [0-9.e+-]+ \(.*[0-9].*; ours is to be (above|below) [0-9.]+\); [0-9]+ updates, [0-9]+ s\$" "$tmp/figures" ||
        fail "$name has no figure: $(cat "$tmp/figures")"
    [ -s "$ZOO/$name/weights" ] || fail "$name has no checkpoint"
    grep -q "</svg>" "$ZOO/$name/$name.svg" || fail "$name has no picture"
done <"$tmp/list"
[ "$(wc -l <"$tmp/list")" -ge 13 ] || fail "entries are missing: $(cat "$tmp/list")"

# A generator's data are those of its seed, whatever else Python draws.
sed -n 's/^\$ \([^ ]*python3 zoo\/.*\) >\(.*\.[ct][sx][vt]\)$/\1 >"$tmp\/again" \&\& cmp "$tmp\/again" \2/p' "$tmp/err" >"$tmp/again.sh"
[ "$(wc -l <"$tmp/again.sh")" -ge 18 ] || fail "generators are missing: $(cat "$tmp/again.sh")"
(export tmp PYTHONHASHSEED=7; sh -e "$tmp/again.sh") >"$tmp/out" 2>&1 || fail "data differ from run to run: $(cat "$tmp/out")"

# The page's commands are those that were run, but for numbers of epochs, and for --json and what else only a script wants.
cat >"$tmp/commands.py" <<'PY'
import re, shlex, sys

def words(line, folder=""):
    line = re.sub(r"--epochs \S+", "", line).replace(folder, "")
    for short, long in ((" -c ", " --checkpoint "), (" -o ", " --output ")):
        line = line.replace(short, long)
    return set(shlex.split(line))

ran = [words(line[2:], sys.argv[3] + "/" + re.search(r"zoo/(\w+)\.lua", line)[1] + "/")
       for line in open(sys.argv[2]) if line.startswith("$ tapeless")]
page = re.sub(r"\\\n +", "", open(sys.argv[1]).read())
shown = [line for line in page.split("\n") if line.startswith("    tapeless")]
assert len(shown) >= 27, shown
missing = [line for line in shown if not any(words(line) <= other for other in ran)]
left_out = [line for line in missing if not re.search(r"zoo/(digits|ecg|language)\.lua", line) or not "left out" in open(sys.argv[4]).read()]
print("\n".join(left_out))
sys.exit(bool(left_out))
PY
python3 "$tmp/commands.py" docs/zoo.md "$tmp/err" "$ZOO" "$tmp/figures" >"$tmp/missing" || fail "no entry runs what docs/zoo.md shows: $(cat "$tmp/missing")"

# Bounds, with an entry whose figure is said.
mkdir -p "$tmp/tree"
cp -r scripts zoo "$tmp/tree"
ends() { # STATUS FIGURE above|below BOUND [--quick]
    want=$1 figure=$2 side=$3 bound=$4
    shift 4
    printf 'updates=1 seconds=1\necho "<svg/>" >"$dir/$name.svg"\nreport error "%s" %s %s nothing\n' "$figure" "$side" "$bound" >"$tmp/tree/zoo/said.sh"
    status=0
    "$tmp/tree/scripts/zoo" "$@" said >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = "$want" ] || fail "$figure $side $bound $*: status $status: $(cat "$tmp/out" "$tmp/err")"
}
ends 0 0.5 below 1
ends 1 1.5 below 1
grep -q WORSE "$tmp/out" || fail "it is not said that a figure is worse: $(cat "$tmp/out")"
ends 1 5e-1 above 1
ends 0 1.5 above 1
ends 0 1.5 below 1 --quick
ends 2 nan below 1
ends 2 "" above 1 --quick
printf 'leave_out "package none"\n' >"$tmp/tree/zoo/said.sh"
"$tmp/tree/scripts/zoo" said >"$tmp/out" && grep -qx "said: left out: it needs package none (scripts/zoo-packages.txt)" "$tmp/out" ||
    fail "left out: $(cat "$tmp/out")"
if scripts/zoo nowhere >"$tmp/out" 2>"$tmp/err" || ! grep -q "there is no nowhere; there are: adding" "$tmp/err"; then fail "nowhere: $(cat "$tmp/err")"; fi
