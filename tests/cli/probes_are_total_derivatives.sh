# What a probe says of a value is what a disturbance of the value does to the loss: the gradient of a parameter
# that is added to the value at one step and in one lane alone. Whatever becomes of the value, and by both
# engines; where a sequence starts, and where only some steps count.
#   - the gradient of a state as it enters a step is that of `--lags`, where lanes are padded too;
#   - probes change neither losses nor gradients nor trainings, in a head and where steps are kept.
. tests/cli/common.sh
tensors=$BUILD/tests/tensors
compare=$BUILD/tests/compare

# With -D disturb=true mark(name, v) is v + e, e a row of p.NAME for each step and lane, else v and a probe.
cat >"$tmp/m.lua" <<'LUA'
local o = options { disturb = false, marks = true, head = false, overlap = "recompute", T = 4 }
local B, n = 2, 3
local marks = { "h", "c", "entering", "used", "out", "input" }
local params = { rnn = nn.gru(n, n), W = { n, n }, V = { 2, n }, top = { 2, n } }
for _, name in ipairs(o.disturb and marks or {}) do params["at_" .. name] = param({ o.T * B, n }, 0) end

return model {
  input  = { x = real(n), at = real(o.T * B) },
  target = real(2),
  params = params,
  state  = { c = { n } },
  step   = function(p, x, s)
    local function mark(name, v)
      if o.disturb then return v + matmul(x.at, p["at_" .. name]) end
      return o.marks and probe(name, v) or v
    end
    local now, entering = mark("input", x.x), mark("entering", s.c)
    local h = p.rnn(now, s.rnn)
    h = mark("h", h)
    local c = mark("c", tanh(p.W(h) + 0.5 * entering))
    local used = mark("used", c * h + now)
    local out = mark("out", used * used + sin(used) + entering)
    return { y = p.V(out + used), h = h }, { c = c, rnn = { h = h } }
  end,
  window = o.head and function(p, ys, ss)
    local all = {}
    for t = 1, #ys do all[t] = ys[t].h * ss[t].c end
    return p.top(sum(tanh(stack(all)), 1)) + ys[2].y
  end or nil,
  loss   = function(y, t) return mse(type(y) == "table" and y.y or y, t) end,
  tbptt  = { k1 = 1, k2 = o.T, batch = B, overlap = o.overlap },
  train  = { optimizer = sgd { lr = 0.1 } },
}
LUA
numbers() { # SEED N: so many numbers from -1 to 1
    awk -v seed="$1" -v n="$2" 'BEGIN { for (i = 1; i <= n; i++) { seed = (seed * 1103 + 12345) % 65536; print seed / 32768 - 1 } }'
}
rows() { awk -v n=8 'BEGIN { for (i = 0; i < n; i++) for (j = 0; j < n; j++) print i == j }'; }
zeros() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print 0 }'; }
# The words are numbers.
# shellcheck disable=SC2046
"$tensors" write "$tmp/data" input.x 4x2x3 $(numbers 1 24) -- input.at 4x2x8 $(rows) -- target 4x2x2 $(numbers 2 16) \
    -- weight 4x2 1 0.5 0 1 1 2 1 1 -- reset 4x2 0 0 0 1 0 0 0 0 -- state.c 2x3 $(numbers 3 6) -- state.rnn.h 2x3 $(numbers 4 6)
# shellcheck disable=SC2046
params() { # OUT: parameters, with what disturbs: $@ more words
    "$tensors" write "$1" rnn.weight_ih_l0 9x3 $(numbers 5 27) -- rnn.weight_hh_l0 9x3 $(numbers 6 27) \
        -- rnn.bias_ih_l0 9 $(numbers 7 9) -- rnn.bias_hh_l0 9 $(numbers 8 9) -- W 3x3 $(numbers 9 9) \
        -- V 2x3 $(numbers 10 6) -- top 2x3 $(numbers 11 6) $2
}
more=
for name in h c entering used out input; do more="$more -- at_$name 8x3 $(zeros 24)"; done
params "$tmp/plain" ""
params "$tmp/disturbed" "$more"

grad() { # OUT PARAMS options...
    out=$1
    from=$2
    shift 2
    "$TAPELESS" grad "$tmp/m.lua" --precision f64 --data "$tmp/data" --params "$from" --out "$out" "$@" >/dev/null \
        2>"$tmp/err" || fail "grad $*: $(cat "$tmp/err")"
}
# Of each step's state as it enters, padded or not; of as many steps as there are adjoints of it.
# shellcheck disable=SC2046
"$tensors" write "$tmp/padded" input.x 4x2x3 $(numbers 1 24) -- input.at 4x2x8 $(rows) -- target 4x2x2 $(numbers 2 16) \
    -- mask 4x2 1 1 0 1 1 0 1 0
# shellcheck disable=SC2046
"$tensors" write "$tmp/stream.safetensors" input.x 9x2x3 $(numbers 1 54) -- input.at 9x2x8 $(zeros 144) -- target 9x2x2 $(numbers 2 36)
numbers_of() { "$tensors" print "$1" "$2" | tr -s ' \n' '\n\n' | grep -v '^$'; } # FILE TENSOR
same() { # WHAT TENSOR-OF-a TENSOR-OF-b
    numbers_of "$tmp/a" "$2" >"$tmp/a.txt"
    numbers_of "$tmp/b" "$3" >"$tmp/b.txt"
    paste "$tmp/a.txt" "$tmp/b.txt" | awk '
        { d = $1 - $2; sum += d * d; size += $2 * $2; n++ }
        END { exit !(n >= 24 && size > 0 && sqrt(sum) <= 1e-14 * sqrt(size) * 10) }' || { paste "$tmp/a.txt" "$tmp/b.txt"; fail "$1"; }
}
for engine in generated interpreter; do
    for how in "head=false --new 4" "head=false --new 2" "head=true"; do
        # $how is an option and words.
        # shellcheck disable=SC2086
        grad "$tmp/a" "$tmp/plain" --engine $engine -D $how
        # shellcheck disable=SC2086
        grad "$tmp/b" "$tmp/disturbed" --engine $engine -D disturb=true -D $how
        for name in h c entering used out input; do same "$engine, $how: $name" "probe_grad.$name" "grad.at_$name"; done
        # shellcheck disable=SC2086
        grad "$tmp/c" "$tmp/plain" --engine $engine -D marks=false -D $how
        "$compare" "$tmp/c" "$tmp/a" 1e-15 loss grad state >"$tmp/said" || { cat "$tmp/said"; fail "$engine, $how: a probe changes it"; }
    done
    "$TAPELESS" grad "$tmp/m.lua" --engine $engine --precision f64 --data "$tmp/padded" --params "$tmp/plain" --lags \
        --out "$tmp/a" >/dev/null 2>"$tmp/err" || fail "grad with padding: $(cat "$tmp/err")"
    numbers_of "$tmp/a" probe_grad.entering >"$tmp/entering"
    numbers_of "$tmp/a" state_grad.c | head -n 24 >"$tmp/left"
    paste "$tmp/entering" "$tmp/left" | awk '{ d = $1 - $2; if (d * d > 1e-30) exit 1; n += $1 != 0 } END { exit !(n > 12) }' ||
        { paste "$tmp/entering" "$tmp/left"; fail "$engine: the state as it enters, with padding"; }
    for how in "head=false -D overlap=retain" "head=true -D overlap=versions" "head=true -D overlap=retain"; do
        for marks in true false; do
            # shellcheck disable=SC2086
            "$TAPELESS" train "$tmp/m.lua" --engine $engine --precision f64 -D marks=$marks -D $how --data "$tmp/stream.safetensors" \
                --start "$tmp/plain" --valid 0 --epochs 2 --quiet --overwrite --checkpoint "$tmp/$marks" >/dev/null \
                2>"$tmp/err" || fail "train $how: $(cat "$tmp/err")"
        done
        "$compare" "$tmp/false" "$tmp/true" 1e-14 rnn W V top state >"$tmp/said" || { cat "$tmp/said"; fail "$engine, train $how: a probe changes it"; }
    done
done
finish
