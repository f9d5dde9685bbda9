# The README's programs in C, made by its own commands from an empty folder with the models in it: the forecast is what `tapeless
# predict` says, and what a microcontroller is to run compiles for one and learns on the host. The Python is in python/tests.
. tests/cli/common.sh
page=$PWD/README.md
awk -v dir="$tmp" '/^```c [a-z]+\.c$/ { out = dir "/" $2; next } /^```/ { out = "" } out != "" { print > out }' "$page"
for f in forecast.c device.c; do [ -s "$tmp/$f" ] || fail "the README has no $f"; done
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export PATH="$(dirname "$TAPELESS"):$PATH"
cp -r models "$tmp/models"
cd "$tmp" || exit 1
grep -E '^    tapeless (train|predict|compile) models/sunspots' "$page" | sed 's/--epochs 200/--epochs 20/' >commands
[ "$(wc -l <commands)" = 3 ] || fail "the README has other commands: $(cat commands)"
sh -e commands >said 2>&1 || fail "the README's commands: $(tail -5 said)"
strict="-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Werror"
grep -qF 'cc forecast.c sunspots/sunspots.c -Isunspots' "$page" || fail "the README compiles forecast.c otherwise"
# shellcheck disable=SC2086 # words
cc $strict forecast.c sunspots/sunspots.c -Isunspots -o forecast || fail "forecast.c does not compile"
tail -n +2 models/data/sunspots.csv | cut -d, -f2 | ./forecast >got || fail "forecast"
tapeless predict models/sunspots.lua -c best --data models/data/sunspots.csv -o want.csv >said 2>&1 || fail "tapeless predict: $(cat said)"
tail -n +2 want.csv | awk -F, '{ print $NF }' | paste - got |
    awk '{ d = $1 - $2; if (!(d * d < 0.01)) bad++ } END { exit bad || NR < 300 }' || fail "it predicts otherwise: $(tail -3 want.csv; tail -3 got)"

cat >main.c <<'C'
#include <stdio.h>
#include <string.h>
#include "device.c"
int main(void)
{
    float year, next;
    int moved = 0;
    setup();
    for (int there = scanf("%f", &year); there == 1 && scanf("%f", &next) == 1; year = next)
        moved += learn(year, next);
    printf("%d %d\n", moved, memcmp(m.params, sunspots_weights, sizeof m.params) != 0);
}
C
# shellcheck disable=SC2086
cc $strict main.c sunspots/sunspots.c -Isunspots -o device || fail "device.c does not compile"
[ "$(tail -n +2 models/data/sunspots.csv | cut -d, -f2 | ./device)" = "28 1" ] || # of 308 steps, each eleventh
    fail "device.c does not learn: $(tail -n +2 models/data/sunspots.csv | cut -d, -f2 | ./device)"
if command -v arm-none-eabi-gcc >/dev/null; then
    # shellcheck disable=SC2086
    arm-none-eabi-gcc -mcpu=cortex-m4 $strict -Isunspots -c device.c -o device.o || fail "device.c is not for a microcontroller"
fi
finish
