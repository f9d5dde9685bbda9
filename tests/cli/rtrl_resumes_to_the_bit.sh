# A training that learns by sensitivities, stopped between any two updates, goes on to the same bits: they stand in the
# checkpoint, as states do, in each lane and shard. And generated code learns as the interpreter does.
. tests/cli/common.sh

awk 'BEGIN { print "x,y"; for (i = 0; i < 400; i++) printf "%.6f,%.6f\n", sin(i * 0.3), cos(i * 0.251) }' >"$tmp/d.csv"
cat >"$tmp/net.lua" <<'LUA'
return model {
  input  = real(1),
  target = real(1),
  params = { W = { 4, 1 }, U = { 4, 4 }, b = { 4 }, V = { 1, 4 }, fixed = param({ 1 }, 0.25, { trainable = false }) },
  state  = { h = learned { 4 } },
  step   = function(p, x, s)
    local h = tanh(p.W(x) + p.U(s.h) + p.b)
    return p.V(h) + p.fixed, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 3, k2 = 3, batch = 2 },
  train  = { optimizer = adam { lr = 1e-2 } },
}
LUA
cat >"$tmp/elements.lua" <<'LUA'
return model {
  input  = real(1),
  target = real(1),
  params = { a = param({ 4 }, uniform(0.8)), W = { 4, 1 }, V = { 1, 4 } },
  state  = { h = { 4 } },
  step   = function(p, x, s)
    local h = tanh(p.a * s.h + p.W(x))
    return p.V(h), { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 3, k2 = 3, batch = 2 },
  train  = { optimizer = adam { lr = 1e-2 } },
}
LUA
train() { # CHECKPOINT, SPEC, options...
    c=$1 spec=$2
    shift 2
    "$TAPELESS" train "$tmp/$spec.lua" --data "$tmp/d.csv" --input x --target y --valid 0 -q -c "$tmp/$c" \
        "$@" >"$tmp/out" 2>"$tmp/err" || fail "train $*: $(cat "$tmp/err")"
}

for how in "net rtrl -p f32" "net rtrl -p f64 --shards 2 --threads 2" "net rtrl -p f64 --engine interpreter" \
    "net snap1 -p f64" "elements diagonal -p f64" "net immediate -p f64"; do
    # shellcheck disable=SC2086 # words
    set -- $how
    spec=$1 learn=$2
    shift 2
    train whole "$spec" --set tbptt.learn="$learn" "$@" --overwrite --steps 40
    train parts "$spec" --set tbptt.learn="$learn" "$@" --overwrite --steps 1
    for n in 2 7 20 40; do
        train parts "$spec" --set tbptt.learn="$learn" "$@" --resume --steps $n
    done
    "$BUILD/tests/compare" "$tmp/whole" "$tmp/parts" 0 >"$tmp/out" 2>&1 || fail "$how: $(cat "$tmp/out")"
    [ "$learn" = immediate ] || grep -q 'sensitivity.h.W' "$tmp/out" || fail "$how: no sensitivities: $(cat "$tmp/out")"
done

for how in "net rtrl" "net snap1" "elements diagonal" "net immediate"; do
    for engine in generated interpreter; do
        train $engine "${how% *}" --set tbptt.learn="${how#* }" -p f64 --engine $engine --overwrite --steps 40
    done
    "$BUILD/tests/compare" "$tmp/interpreter" "$tmp/generated" 1e-11 >"$tmp/out" 2>&1 || fail "$how: $(cat "$tmp/out")"
done

# The first update's gradient is the same whichever way it is found; later ones remember what older parameters did.
train rtrl net --set tbptt.learn=rtrl -p f64 --overwrite --steps 1
train tbptt net -p f64 --overwrite --steps 1
"$BUILD/tests/compare" "$tmp/rtrl" "$tmp/tbptt" 1e-9 W U b V >"$tmp/out" 2>&1 || fail "the first update: $(cat "$tmp/out")"

# What is carried is of one way to learn.
"$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input x --target y --valid 0 -q -c "$tmp/rtrl" -p f64 \
    --set tbptt.learn=snap1 --resume --steps 2 >"$tmp/out" 2>&1 && fail "rtrl goes on as snap1"
grep -q "the training ran with learn rtrl and would go on with snap1" "$tmp/out" || fail "it does not say so: $(cat "$tmp/out")"
finish
