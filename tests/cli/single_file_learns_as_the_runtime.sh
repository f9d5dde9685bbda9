# Code that stands alone (compile --single-file --online) learns a stream as tl_online does: the same returns, and losses and
# outputs to rounding, by every optimizer, overlap and way to learn, with windows that start anew and steps without a target.
. tests/cli/common.sh
cflags="-std=c99 -O1 -Wall -Wextra -Wpedantic -Werror -Itests/tools"

learns() { # REAL SPEC DEFINES OPTIONS...
    real=$1 spec=$2 defines=$3
    shift 3
    name=$(basename "$spec" .lua)
    rm -rf "$tmp/alone" "$tmp/on"
    # shellcheck disable=SC2086 # words
    "$TAPELESS" compile "$spec" --single-file --online --no-blas $libm --batch $batch -p "$real" "$@" -o "$tmp/alone" &&
        "$TAPELESS" compile "$spec" --machine plain --batch $batch -p "$real" "$@" -o "$tmp/on" || { fail "$spec $*: compile"; return; }
    # shellcheck disable=SC2046,SC2086
    gcc $cflags "-I$tmp/on" -Iruntime $(pkg-config --cflags openblas) "-DMODEL=$name" "-DHEADER=\"$name.h\"" $defines \
        tests/tools/stream_runtime.c "$tmp/on/$name.c" "$BUILD/libtapeless.a" -o "$tmp/runtime" -ljansson -lcsv -lxxhash -lz -ldl -lm &&
        gcc $cflags "-I$tmp/alone" "-DMODEL=$name" "-DHEADER=\"$name.h\"" $defines tests/tools/stream_single.c \
            "$tmp/alone/$name.c" -o "$tmp/single" -lm || { fail "$spec $*: it does not compile"; return; }
    # shellcheck disable=SC2046 # words: where the parameters stand, in the order of their table
    "$tmp/runtime" "$tmp/params" $(sed -n 's/^#define .*_PARAM_SIZE \([0-9]*\) .*/\1/p' "$tmp/alone/$name.h" | head -1) \
        $(sed -n 's/^#define .*_PARAM_.*_OFFSET \([0-9]*\)$/\1/p' "$tmp/alone/$name.h") >"$tmp/want" && "$tmp/single" "$tmp/params" >"$tmp/got" || { fail "$spec $*: it does not run"; return; }
    tolerance=2e-4
    [ "$real" = f32 ] || tolerance=1e-7
    paste "$tmp/want" "$tmp/got" | awk -v tolerance=$tolerance '
        { n = NF / 2; made += $1 == 1; if ($1 != $(n + 1)) exit 1
          for (i = 2; i <= n; i++) { d = $i - $(i + n); if (d < 0) d = -d; a = $i < 0 ? -$i : $i; if (!(d <= tolerance * (1 + a))) exit 1 } }
        END { exit !(NR == 120 && made > 5) }' ||
        fail "$real $spec $*: $(paste -d'|' "$tmp/want" "$tmp/got" | head -12)"
}

batch=1 libm=--no-libm
for real in f32 f64; do
    learns $real models/elman.lua "" --k1 1 --k2 9 --optimizer sgd --lr 0.05
    learns $real models/elman.lua "" --k1 4 --k2 4 --optimizer adam --lr 0.01
done
learns f64 models/elman.lua "" --k1 3 --k2 7 --set 'train.optimizer=rmsprop' --set train.optimizer.momentum=0.5 --set train.optimizer.centered=true --lr 0.001
learns f64 models/elman.lua "" --k1 2 --k2 6 --optimizer sgd --set train.optimizer.momentum=0.9 --set train.optimizer.nesterov=true --lr 0.01 --set train.clip_norm=0.1
learns f64 models/elman.lua "" --k1 7 --k2 3 --set tbptt.loss=last --optimizer adamw --set train.optimizer.weight_decay=0.1 --set train.clip_value=0.01
learns f64 models/lstm.lua "" -D hidden=6 --k1 2 --k2 8 --set tbptt.overlap=retain --set tbptt.loss=all
learns f64 models/lstm.lua "" -D hidden=6 --k1 1 --k2 5 --set tbptt.reduce=sum --set tbptt.resets=true --set tbptt.masks=true
learns f64 models/elman.lua "" -D hidden=5 --k1 3 --k2 3 --learn rtrl --optimizer sgd
learns f64 models/charlstm.lua -DTOKENS=13 -D vocab=13 -D embed=5 -D hidden=7 --k1 4 --k2 6
learns f64 models/lstm_cnn.lua "" --optimizer sgd
sed 's/p.V(h)/p.V(dropout(h, 0.3))/' models/elman.lua >"$tmp/elman.lua" # the same masks
grep -q dropout "$tmp/elman.lua" || fail "elman.lua has no dropout"
learns f64 "$tmp/elman.lua" "" -D hidden=7 --k1 2 --k2 5
learns f32 "$tmp/elman.lua" "" -D hidden=6 --k1 3 --k2 5
cat >"$tmp/power.lua" <<'LUA'
return model {
  input = real(1), target = real(1),
  params = { a = param({ 5 }, uniform(1)), b = param({ 5 }, uniform(1)), V = param({ 1, 5 }, uniform(1)) },
  state = { h = { 5 } },
  step = function(p, x, s)
    local u = p.a * x + 0.5 * s.h
    local v = 1.5 + tanh(u)
    local h = tanh(0.1 * (u ^ 3 + v ^ 0.3 + v ^ -1.5 + v ^ -2 + u ^ 2 + v ^ 11 / 1000) + p.b)
    return p.V(gelu(h)), { h = h }
  end,
  loss = mse, tbptt = { k1 = 3, k2 = 5 }, train = { optimizer = sgd { lr = 0.01 } },
}
LUA
learns f32 "$tmp/power.lua" ""
learns f64 "$tmp/power.lua" ""
batch=3 # lanes side by side: products of one lane each, and what sums over lanes
learns f64 models/lstm.lua "" -D hidden=6 --k1 2 --k2 6
learns f64 models/elman.lua "" -D hidden=5 --k1 3 --k2 3 --learn rtrl --optimizer sgd
batch=1 libm=
learns f64 models/gru.lua "" -D hidden=6 --k1 2 --k2 6 -O no-elementary
finish
