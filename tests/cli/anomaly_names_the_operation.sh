# train --anomaly stops at the first value that is not finite and says which operation, at which
# line, in which step; generated code and interpreter alike. A built trainer knows no operations.
. tests/cli/common.sh
cat >"$tmp/log.lua" <<'LUA'
return model {
  input  = real(1), target = real(1),
  params = { w = param({ 1 }, 0.5), v = param({ 1 }, 0.5) },
  state  = { h = { 1 } },
  step   = function(p, x, s)
    local h = tanh(p.w * x + s.h)
    local y = log(h)
    return p.v * y, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 2 },
}
LUA
cat >"$tmp/root.lua" <<'LUA'
return model {
  input  = real(1), target = real(1),
  params = { w = param({ 1 }, 0.5) },
  step   = function(p, x)
    local a = p.w * x
    return sqrt(a * a)
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 2 },
}
LUA
printf 'x,y\n1,1\n0.5,1\n-3,1\n1,2\n' >"$tmp/log.csv"
printf 'x,y\n1,1\n0.5,1\n0,1\n1,2\n' >"$tmp/root.csv"

stop() { # NAME TEXT COMMAND...: it fails with TEXT, and status 1
    name=$1 text=$2
    shift 2
    "$@" --data "$tmp/$name.csv" --valid 0 --no-standardise --checkpoint "$tmp/c" --overwrite --quiet --anomaly \
        >/dev/null 2>"$tmp/err"
    [ $? = 1 ] || fail "$* ends otherwise"
    grep -qF -- "$text" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
for engine in generated interpreter; do
    stop log "log: update 3: the value of log at $tmp/log.lua:7 is NaN in step 2 of its window of 2 (step 3 of the training)" \
        "$TAPELESS" train "$tmp/log.lua" --engine $engine || true
    stop root "root: update 3: the gradient that reaches mul at $tmp/root.lua:6 is -inf in step 2 of its window of 2" \
        "$TAPELESS" train "$tmp/root.lua" --engine $engine || true
done
"$TAPELESS" build "$tmp/log.lua" -o "$tmp/built" >/dev/null
stop log "the loss is NaN in step 2 of its window of 2 (step 3 of the training), lane 1; it is the first value that is not finite; tapeless train" "$tmp/built/log" train || true
stop log "tapeless train SPEC --anomaly finds the operation" "$tmp/built/log" train || true

# Where nothing is wrong it changes nothing, for the same commands: the interpreter has the same bits; generated code,
# in which sums are then added in another order, the same numbers but for rounding.
make_text "$tmp/text"
for engine in generated interpreter; do
    for how in "" --anomaly; do
        # shellcheck disable=SC2086 # $small is several words
        "$TAPELESS" train $small -p f64 --data "$tmp/text" --steps 20 --engine $engine --checkpoint "$tmp/$engine$how" --quiet \
            --log "$tmp/csv.$engine$how" $how >/dev/null || fail "train $how"
    done
    "$BUILD/tests/compare" "$tmp/$engine" "$tmp/$engine--anomaly" 1e-10 embed rnn head >"$tmp/said" ||
        fail "$engine: with --anomaly the training is another: $(cat "$tmp/said")"
    # shellcheck disable=SC2086
    "$TAPELESS" sample $small -p f64 --checkpoint "$tmp/$engine--anomaly" --length 10 >/dev/null || fail "its checkpoint is another's"
done
cmp -s "$tmp/csv.interpreter" "$tmp/csv.interpreter--anomaly" || fail "with --anomaly the interpreted training is another"
finish
