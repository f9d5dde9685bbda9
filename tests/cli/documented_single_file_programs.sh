# The programs in docs/embedded.md, from an empty folder: the spec and the commands as they stand there; the C compiles clean, needs
# nothing but memcpy and memset beside the C library's own printf and scanf, prints what `tapeless predict` does in the data's
# units, and goes on learning from where the desk stopped. The header's bytes are those of the learner.
. tests/cli/common.sh
page=$PWD/docs/embedded.md
block() { # LANGUAGE LINE-PATTERN: a fenced block of the page
    awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' "$page"
}
block lua >"$tmp/room.lua"
block "c predict.c" >"$tmp/predict.c"
block "c learn.c" >"$tmp/learn.c"
for f in room.lua predict.c learn.c; do [ -s "$tmp/$f" ] || fail "the page has no $f"; done
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export PATH="$(dirname "$TAPELESS"):$PATH"
cd "$tmp" || exit 1
awk 'BEGIN { print "heating,sun,temperature"; t = 18
    for (i = 0; i < 400; i++) { h = 3 + 2 * sin(i / 9); s = 200 + 150 * cos(i / 23); t += 0.1 * (h + s / 100 - 0.3 * t); printf "%.6f,%.6f,%.6f\n", h, s, t } }' >room.csv
grep '^    tapeless .*room' "$page" >commands
[ "$(wc -l <commands)" = 2 ] || fail "the page has other commands: $(cat commands)"
sh -e commands >said 2>&1 || fail "the page's commands: $(cat said)"
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
# shellcheck disable=SC2086
cc -std=c99 $strict predict.c room/room.c -Iroom -o predict || fail "predict.c does not compile"
tail -n +2 room.csv | cut -d, -f1,2 | ./predict >got || fail "predict"
tapeless predict room.lua -c room.safetensors --data room.csv -o want.csv >said 2>&1 || fail "tapeless predict: $(cat said)"
column=$(head -1 want.csv | tr ',' '\n' | grep -n '^temperature$' | cut -d: -f1)
[ -n "$column" ] || column=$(head -1 want.csv | tr ',' '\n' | grep -n 'temperature' | tail -1 | cut -d: -f1)
tail -n +2 want.csv | cut -d, -f"$column" | paste -d, - got |
    awk -F, '{ d = $1 - $2; if (d < 0) d = -d; if (!(d <= 2e-5 * (1 + ($1 < 0 ? -$1 : $1)))) bad++ } END { exit bad || NR != 400 }' ||
    fail "it predicts otherwise: $(tail -n +2 want.csv | cut -d, -f"$column" | paste -d, - got | head -5)"

# On the device: the sensor has drifted by two degrees, and learning follows.
tapeless compile room.lua --single-file --online --params room.safetensors --no-blas --no-libm -o room >said 2>&1 ||
    fail "online: $(cat said)"
for how in "cc -std=c99" "clang -std=c99" "g++ -std=c++17 -x c++"; do
    # shellcheck disable=SC2086
    $how $strict -Wdouble-promotion -O2 -c room/room.c -o room.o || fail "$how: room.c is not clean"
    [ -z "$(nm -u room.o | grep -vw -e memcpy -e memset)" ] || fail "$how: undefined: $(nm -u room.o)"
done
grep -h '#include <' room/room.c room/room.h room/room_weights.h | sort -u | tr '\n' ' ' >includes
[ "$(cat includes)" = "#include <stddef.h> #include <stdint.h> #include <string.h> " ] || fail "it includes $(cat includes)"
# A processor that fuses products with sums does not, and has the same bits.
if [ "$(uname -m)" = x86_64 ]; then
    for how in "cc -std=gnu11 -O2 -mavx2 -mfma" "clang -std=gnu11 -O2 -mavx2 -mfma"; do
        $how -c room/room.c -o room.o || fail "$how"
        ! objdump -d room.o | grep -q "vfn*m" || fail "$how: products are fused"
    done
fi
# shellcheck disable=SC2086
cc -std=c99 $strict learn.c room/room.c -Iroom -o learn || fail "learn.c does not compile"
awk -F, 'NR > 1 { printf "%s,%s,%.6f\n", $1, $2, $3 + 2 }' room.csv | ./learn >learned || fail "learn"
awk 'NR > 10 && NR <= 60 { a += $2 } NR > 350 { b += $2 } END { exit !(NR == 400 && b < a / 2) }' learned || fail "it does not learn: $(tail -3 learned)"

# What the header says of memory is what a learner takes, but for a hundred bytes of numbers.
sed -n '/RAM, bytes/,$p' room/room.h | sed -n 's/^ \*   .* \([0-9][0-9]*\)\(  .*\)*$/\1/p' | awk '{ n += $1 } END { print n }' >bytes
printf '#include <stdio.h>\n#include "room.h"\nint main(void) { printf("%%zu\\n", sizeof(room_learner)); }\n' >size.c
cc -std=c99 size.c -Iroom -o size && ./size >took
awk -v said="$(cat bytes)" '{ d = $1 - said; exit !(d >= 0 && d <= 256) }' took || fail "a learner is of $(cat took) bytes, the header says $(cat bytes)"
finish
