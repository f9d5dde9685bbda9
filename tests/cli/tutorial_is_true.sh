# A new user's walk, docs/tutorial.md: a CSV with times, words, gaps and three sequences; a baseline, a sweep, early stopping, a backtest, a
# forecast with its picture, C that predicts. Each command does what stands below it, and the spec is the one that is shown.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
root=$PWD
mkdir "$tmp/bin" "$tmp/walk"
ln -s "$TAPELESS" "$tmp/bin/tapeless"
cp examples/shops/make.py examples/shops/hours.py examples/shops/shop.lua examples/shops/tomorrow.c "$tmp/walk"
PATH=$tmp/bin:$PATH python3 tests/tools/transcript.py docs/tutorial.md "$tmp/walk" || fail "the walk is another"
awk '/^```lua shop.lua$/ { on = 1; next } /^```$/ { on = 0 } on' docs/tutorial.md | cmp - examples/shops/shop.lua || fail "the spec that is shown is not examples/shops/shop.lua"
awk '/^```c tomorrow.c$/ { on = 1; next } /^```$/ { on = 0 } on' docs/tutorial.md | cmp - examples/shops/tomorrow.c || fail "tomorrow.c"
for picture in curve forecast residuals; do
    [ -s "$tmp/walk/$picture.svg" ] || fail "no $picture.svg"
    [ -s "docs/tutorial/$picture.svg" ] || fail "docs/tutorial/$picture.svg is not there"
    grep -q "tutorial/$picture.svg" docs/tutorial.md || fail "$picture.svg is not shown"
done
# What is exported along the way is not written over what the walk has trained.
exported=$(sed -n 's/.*`tapeless export shop.lua -c best.safetensors -o \([^`]*\)`.*/\1/p' docs/tutorial.md)
[ -n "$exported" ] && [ ! -e "$tmp/walk/$exported" ] || fail "the page exports to '$exported'"
# What C says of the next hour is what `predict` says.
python3 - "$tmp/walk" <<'PY' || fail "C forecasts otherwise"
import csv, subprocess, sys
walk = sys.argv[1]
north = [r for r in csv.DictReader(open(walk + "/forecast.csv")) if r["shop"] == "north"]
first = next(r for r in north if r["when"] == "2024-04-12T00:00")
said = float(subprocess.run(["./tomorrow"], cwd=walk, stdin=open(walk + "/north.txt"), capture_output=True, text=True, check=True).stdout.split()[-1])
assert abs(said - float(first["visitors"])) < 0.06, (said, first)
PY
cd "$root"
finish
