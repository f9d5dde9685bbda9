# The program of docs/fixed-point.md, from an empty folder: it prints what `tapeless predict --quantised` does;
# its C is clean for every compiler here, needs nothing, has no floating point in the .c, and computes the same bits by each of them.
. tests/cli/common.sh
page=$PWD/docs/fixed-point.md other=$PWD/docs/embedded.md
block() { # FILE LANGUAGE: a fenced block
    awk -v fence="\`\`\`$2" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' "$1"
}
block "$other" lua >"$tmp/room.lua"
block "$page" "c predict8.c" >"$tmp/predict8.c"
for f in room.lua predict8.c; do [ -s "$tmp/$f" ] || fail "the pages have no $f"; done
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export PATH="$(dirname "$TAPELESS"):$PATH"
cd "$tmp" || exit 1
awk 'BEGIN { print "heating,sun,temperature"; t = 18
    for (i = 0; i < 400; i++) { h = 3 + 2 * sin(i / 9); s = 200 + 150 * cos(i / 23); t += 0.1 * (h + s / 100 - 0.3 * t); printf "%.6f,%.6f,%.6f\n", h, s, t } }' >room.csv
grep -h '^    tapeless train room' "$other" >commands
grep '^    tapeless compile room' "$page" >>commands
[ "$(wc -l <commands)" = 2 ] || fail "the pages have other commands: $(cat commands)"
sh -e commands >said 2>&1 || fail "the page's commands: $(cat said)"
grep -o 'tapeless predict room[^`]*' "$page" >command
sh -e command >want.csv 2>said || fail "the page's predict: $(cat said)"
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion -Werror"
n=0
for how in "cc -std=c99 -O0" "cc -std=gnu99 -O3 -march=native" "clang -std=c99 -O2" "g++ -std=c++17 -x c++ -O2" "cc -std=c99 -O1 -fsanitize=undefined -fno-sanitize-recover"; do
    n=$((n + 1))
    # shellcheck disable=SC2086
    $how $strict -Iroom8 -c room8/room.c -o room.o && { [ -z "${how##*c++*}" ] || $how $strict -Iroom8 -c predict8.c -o predict.o; } || { fail "$how: it is not clean"; continue; }
    [ -n "${how##*c++*}" ] || cc -std=c99 $strict -Iroom8 -c predict8.c -o predict.o # C++ has no such initialisers
    case $how in
    *sanitize*) link="cc -fsanitize=undefined" ;;
    *) link=g++
       [ -z "$(nm -u room.o | grep -vw -e memcpy -e memset)" ] || fail "$how: undefined: $(nm -u room.o)" ;;
    esac
    $link predict.o room.o -o predict || { fail "$how: it does not link"; continue; }
    tail -n +2 room.csv | cut -d, -f1,2 | ./predict >"got$n" || fail "$how: predict8"
    cmp -s got1 "got$n" || fail "$how: other bits: $(paste got1 "got$n" | awk '$1 != $2' | head -3)"
done
grep -nE '\b(float|double)\b' room8/room.c && fail "room.c computes in floating point"
[ "$(grep -h '#include <' room8/*.[ch] | sort -u | tr '\n' ' ')" = "#include <stddef.h> #include <stdint.h> " ] || fail "it includes $(grep -h '#include <' room8/*.[ch] | sort -u)"
column=$(head -1 want.csv | tr ',' '\n' | grep -n temperature | tail -1 | cut -d: -f1)
tail -n +2 want.csv | cut -d, -f"$column" | paste -d, - got1 |
    awk -F, '{ d = $1 - $2; if (!(d * d <= 1e-13 * $1 * $1)) unit++; if (!(d * d < 1e-2)) bad++ } END { exit bad || unit > 4 || NR != 400 }' || # an input half way between two units
    fail "it predicts otherwise: $(tail -n +2 want.csv | cut -d, -f"$column" | paste -d, - got1 | awk -F, '$1 != $2' | head -3)"
tapeless predict room.lua -c room.safetensors --data room.csv -o float.csv >said 2>&1 || fail "predict: $(cat said)"
cmp -s float.csv want.csv && fail "--quantised computes in floating point"

# What it says of itself: flash and RAM are those of the object and of the predictor.
cc -std=c99 -Os -fno-inline -Iroom8 -c room8/room.c -o room.o
said=$(sed -n 's/^ \*   \(weights\|tables\) .* \([0-9][0-9]*\)$/\2/p' room8/room.h | awk '{ n += $1 } END { print n }')
took=$(nm -S --size-sort room.o | awk '$3 == "r" { print $2 }' | while read -r hex; do echo $((0x$hex)); done | awk '{ n += $1 } END { print n }')
awk -v said="$said" -v took="$took" 'BEGIN { d = took - said; exit !(d >= -32 && d <= 64) }' || fail "constants are $took bytes, the header says $said"
printf '#include <stdio.h>\n#include "room.h"\nint main(void) { printf("%%zu\\n", sizeof(room_predictor)); }\n' >size.c
cc -std=c99 size.c -Iroom8 -o size && ./size >took
[ "$(sed -n 's/^ \*   \(state\|work\) .* \([0-9][0-9]*\)$/\2/p' room8/room.h | awk '{ n += $1 } END { print n }')" = "$(cat took)" ] ||
    fail "a predictor is of $(cat took) bytes, the header says otherwise"

# A sequence begins with the state that the spec says, and that was learned.
cat >first.lua <<'LUA'
return model {
  input = { heating = real(1), sun = real(1) }, target = { temperature = real(1) },
  params = { W = { 3, 2 }, V = { 1, 3 } },
  state = { h = init({ 3 }, 0.7), g = learned({ 3 }, 0.4) },
  step = function(p, x, s)
    local h = tanh(p.W(concat { x.heating, x.sun }) + 0.9 * s.h + s.g)
    return { temperature = p.V(h) }, { h = h, g = 0.5 * s.g }
  end,
  loss = mse, tbptt = { k1 = 4, k2 = 8 },
}
LUA
tapeless train first.lua --data room.csv --epochs 2 --engine interpreter -c first.st >said 2>&1 || fail "first.lua: $(cat said)"
tapeless compile first.lua --single-file --params first.st --quantise int16 --calibrate room.csv -o first >said 2>&1 || fail "first.lua: $(cat said)"
sed 's/room_/first_/g' predict8.c >first.c
# shellcheck disable=SC2086
cc -std=c99 $strict first.c first/first.c -Ifirst -o first/predict || fail "first.c does not compile"
tail -n +2 room.csv | cut -d, -f1,2 | ./first/predict >got
tapeless predict first.lua -c first.st --data room.csv --quantised int16 -o first.csv >said 2>&1 || fail "first.lua: $(cat said)"
tail -n +2 first.csv | awk -F, '{ print $NF }' | paste -d, - got |
    awk -F, '{ d = $1 - $2; if (!(d * d <= 1e-11)) { unit++; if (!(d * d < 1e-6)) bad++ } } END { exit bad || unit > 4 || NR != 400 }' || fail "first.lua: $(head -3 first.csv got)"

# What is wrong is said.
refused() { # SENTENCE COMMAND...
    sentence=$1
    shift
    if "$@" >said 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" said || fail "$*: $(cat said)"
}
single="tapeless compile room.lua --single-file --params room.safetensors -o no"
# shellcheck disable=SC2086
{
    refused "it is int8 or int16" $single --quantise int4 --calibrate room.csv
    refused "a step in fixed point needs data to find the ranges of its values by, such as it was trained on: say on which data: --calibrate FILE" $single --quantise int8
    refused "--calibrate is of --quantise" $single --calibrate room.csv
    refused "of weights: --params CHECKPOINT" tapeless compile room.lua --single-file --quantise int8 --calibrate room.csv -o no
    refused "predictions alone" $single --quantise int8 --calibrate room.csv --online
    refused "it is int8 or int16" tapeless eval room.lua -c room.safetensors --data room.csv --quantised f16
    refused "--calibrate is of --quantised" tapeless eval room.lua -c room.safetensors --data room.csv --calibrate room.csv
    refused "nothere.csv" $single --quantise int8 --calibrate nothere.csv
}
[ ! -e no ] || fail "what was refused has written"
tapeless eval room.lua -c room.safetensors --data room.csv --quantised int16 --json >json 2>said || fail "eval --json: $(cat said)"
for key in '"off_by"' '"f32"' '"flash_weights"' '"ram_state"' '"root_mean_square"'; do
    grep -qF "$key" json || fail "--json has no $key: $(cat json)"
done
finish
