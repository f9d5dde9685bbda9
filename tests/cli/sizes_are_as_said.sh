# What the header of one file of C says of flash, stack and RAM holds for what compilers make of it, of every model, on every board
# that `show --target` knows; what that prints is what sizeof says.
. tests/cli/common.sh
for tool in arm-none-eabi-gcc riscv64-linux-gnu-gcc; do
    command -v $tool >/dev/null || { echo "not run: there is no $tool (scripts/packages.txt)"; exit 77; }
done
number() { # KEY: of $tmp/shown
    sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$tmp/shown"
}
said() { # PATTERN: the number behind it in the header
    sed -n "s/^ \* *$1 *\([0-9][0-9]*\).*/\1/p" "$header" | head -1
}

holds() { # MODEL OPTIONS...
    model=$1
    shift
    rm -rf "$tmp/c"
    "$TAPELESS" compile models/"$model".lua --single-file --no-blas -o "$tmp/c" "$@" >"$tmp/out" 2>&1 || { fail "$model $*: $(cat "$tmp/out")"; return; }
    header=$tmp/c/$model.h
    for board in $boards; do
        "$TAPELESS" show models/"$model".lua --target "$board" --json "$@" >"$tmp/shown" 2>&1 || { fail "$model $* on $board: $(cat "$tmp/shown")"; continue; }
        most=$(said 'Stack, bytes, at most')
        case $board in riscv64 | host) most=$((2 * most)) ;; esac
        for stack in predict push; do
            [ "$(number stack_$stack)" -le "$most" ] || fail "$model $* on $board: $stack takes $(number stack_$stack) of the stack, not $most"
        done
        [ "$(number flash_weights)" = "$(said parameters)" ] || fail "$model $*: parameters: $(number flash_weights), not $(said parameters)"
        about=$(said 'code *about')
        [ "$board" != cortex-m4 ] || [ -z "$about" ] || awk -v a="$about" -v b="$(number flash_code)" 'BEGIN { exit !(b < 1.5 * a && a < 1.5 * b) }' ||
            fail "$model $* on $board: code: $(number flash_code), not about $about"
    done
    printf '#include <stdio.h>\n#include "%s.h"\nint main(void) { printf("%%zu\\n", sizeof(%s_predictor)); }\n' "$model" "$model" >"$tmp/size.c"
    cc -std=c99 "$tmp/size.c" "-I$tmp/c" -o "$tmp/size" || fail "$model $*: size.c"
    [ "$("$tmp/size")" = "$(number ram_predictor)" ] || fail "$model $*: a predictor has $("$tmp/size") bytes, not $(number ram_predictor)"
}

boards="cortex-m0plus cortex-m4 cortex-m7 riscv64 host"
holds lstm_cnn --online
holds gru --online --no-libm
boards="cortex-m4 host"
for model in elman lstm narx lru mingru state_space tanks sunspots; do
    holds $model --online --no-libm --optimizer adam --set train.schedule=constant
    holds $model --no-libm
done
holds charlstm -D vocab=50 -D embed=16 -D hidden=32 --online
holds elman -p f64 --online

# By hand: what a small program puts on the stack is what is said of it.
"$TAPELESS" show models/elman.lua --target cortex-m4 >"$tmp/out" || fail "show: $(cat "$tmp/out")"
for word in flash RAM stack work; do grep -q "^  $word " "$tmp/out" || fail "show does not say $word: $(cat "$tmp/out")"; done
grep -q push "$tmp/out" && fail "what does not learn has no push"

# In fixed point.
"$TAPELESS" train models/elman.lua --data "$tmp/no.csv" >"$tmp/out" 2>&1 && fail "no data"
seq 1 60 | awk 'BEGIN { print "u,y" } { printf "%.4f,%.4f\n", sin($1 / 5), cos($1 / 5) }' >"$tmp/d.csv"
"$TAPELESS" train models/elman.lua --data "$tmp/d.csv" --input u --target y --epochs 1 --engine interpreter -c "$tmp/e.st" >"$tmp/out" 2>&1 || fail "train: $(cat "$tmp/out")"
for kind in int8 int16; do
    "$TAPELESS" compile models/elman.lua --single-file --params "$tmp/e.st" --quantise $kind --calibrate "$tmp/d.csv" -o "$tmp/$kind" >"$tmp/out" 2>&1 || fail "$kind: $(cat "$tmp/out")"
    header=$tmp/$kind/elman.h
    arm-none-eabi-gcc -std=c99 -O2 -mcpu=cortex-m4 -mthumb -fstack-usage -c "$tmp/$kind/elman.c" -o "$tmp/$kind/elman.o" || fail "$kind: it does not compile"
    took=$(awk '{ n += $2 } END { print n }' "$tmp/$kind/elman.su") code=$(arm-none-eabi-size -A "$tmp/$kind/elman.o" | awk '$1 == ".text" { print $2 }')
    [ "$took" -le "$(said 'Stack, bytes, at most')" ] || fail "$kind: $took of the stack"
    awk -v a="$(said 'code *about')" -v b="$code" 'BEGIN { exit !(b < 1.6 * a && a < 1.6 * b) }' || fail "$kind: code: $code, not about $(said 'code *about')"
done

refused() { # SENTENCE COMMAND...
    sentence=$1
    shift
    if "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
refused "it is one of cortex-m0plus" "$TAPELESS" show models/elman.lua --target z80
refused "--online is of --target" "$TAPELESS" show models/elman.lua --online
mkdir "$tmp/empty"
refused "there is no arm-none-eabi-gcc: apt-get install" env PATH="$tmp/empty" "$TAPELESS" show models/elman.lua --target cortex-m4
finish
