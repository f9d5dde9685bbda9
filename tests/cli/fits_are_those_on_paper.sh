# train --fit and eval --fit say RMSE, NRMSE and fit % of a simulation: the numbers of cases small enough for paper.
. tests/cli/common.sh

# Simulates y as b and the sum of all u so far, v as u.
cat >"$tmp/sum.lua" <<'END'
local o = options { b = 0, batch = 1 }
return model {
  input  = { u = real(1) },
  target = { y = real(1), v = real(1) },
  params = { a = param({ 1 }, 1), b = param({ 1 }, o.b) },
  state  = { h = { 1 } },
  step   = function(p, x, s)
    local h = s.h + p.a * x.u
    return { y = h + p.b, v = x.u }, { h = h }
  end,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 2, batch = o.batch },
}
END
printf '%s\n' u,y,v,w,z,g 1,1,3,1,1,a 1,2,1,1,1,a 1,3,1,1,1,a 1,6,3,0,3,a >"$tmp/one.csv"
printf '%s\n' u,y,v,w,z,g 1,1,3,1,1,a 1,1,1,1,1,b 1,2,1,1,1,a 1,3,1,1,1,b 1,3,1,1,1,a 1,6,3,1,1,a >"$tmp/two.csv"
printf '%s\n' u,y,v 1,1,3 1,2,1 1,3,1 1,,3 >"$tmp/gap.csv"
printf '%s\n' u,y,v 5,2,3 5,7,1 5,1,1 5,9,3 1,1,3 1,2,1 1,3,1 1,6,3 >"$tmp/tail.csv"
printf '%s\n' u,y,v 1,1000000001,3 1,1000000002,1 1,1000000003,1 1,1000000006,3 >"$tmp/far.csv"
printf '%s\n' u,y,v 1,2,3 1,2,1 1,2,1 1,2,3 >"$tmp/flat.csv"

is() { # WHAT V Y: of each RMSE, NRMSE, fit, in $tmp/out
    sed -n 's/^fit of [yv]  *RMSE \([^,]*\), NRMSE \([^,]*\), fit \([^ ]*\) %$/\1 \2 \3/p' "$tmp/out" >"$tmp/is"
    printf '%s\n' "$2" "$3" >"$tmp/wanted"
    cmp -s "$tmp/is" "$tmp/wanted" || fail "$precision, $1: $(cat "$tmp/out" "$tmp/err")"
}

train() { # FILE WORD...: nothing, and leaves the first parameters
    file=$1
    shift
    "$TAPELESS" train "$tmp/sum.lua" -p "$precision" --lr 0 -c "$tmp/c" --overwrite -q --data "$file" "$@" >"$tmp/out" 2>"$tmp/err" ||
        fail "$precision, train on $file $*: $(cat "$tmp/err")"
}

score() { # FILE WORD...: by eval, of what train leaves
    file=$1
    shift
    "$TAPELESS" eval "$tmp/sum.lua" -p "$precision" -c "$tmp/c" --data "$file" --fit "$@" >"$tmp/out" 2>"$tmp/err" ||
        fail "$precision, eval of $file $*: $(cat "$tmp/err")"
}

for precision in f32 f64; do
    train "$tmp/one.csv" --valid 0 --no-standardise
    score "$tmp/one.csv" # v: 2 0 0 2 off, 1 -1 -1 1 from the mean; y: 0 0 0 2 and -2 -1 0 3
    is "all steps" "1.41421 1.41421 -41.4214" "1 0.534522 46.5478"
    grep -q '^error of y  *RMS 1, ' "$tmp/out" || fail "the error is another: $(cat "$tmp/out")"
    score "$tmp/one.csv" --skip 2 # v: 0 2 and -1 1; y: 0 2 and -1.5 1.5
    is "without the first two" "1.41421 1.41421 -41.4214" "1.41421 0.942809 5.7191"
    score "$tmp/one.csv" --json
    v='{"name":"v","rmse":1.4142135[0-9]*,"nrmse":1.4142135[0-9]*,"fit_percent":-41.42135[0-9]*}'
    y='{"name":"y","rmse":1.0,"nrmse":0.5345224[0-9]*,"fit_percent":46.54775[0-9]*}'
    tr -d '\n ' <"$tmp/out" | grep -q '"fit":\['"$v,$y"'\]' ||
        fail "$precision, as JSON: $(cat "$tmp/out")"

    train "$tmp/one.csv" --valid 0 --no-standardise --weight w # 1 1 1 0
    score "$tmp/one.csv"
    is "without the last" "1.1547 1.22474 -22.4745" "0 0 100"
    train "$tmp/one.csv" --valid 0 --no-standardise --weight z # 1 1 1 3: of v 16 of 16/3 are left, of y 12 of 26
    score "$tmp/one.csv"
    is "weighed" "1.63299 1.73205 -73.2051" "1.41421 0.679366 32.0634"
    train "$tmp/gap.csv" --valid 0 --no-standardise --missing mask
    score "$tmp/gap.csv"
    is "a missing target" "1.1547 1.22474 -22.4745" "0 0 100"

    train "$tmp/two.csv" --valid 0 --no-standardise --sequence g # a as above, b with y 1 3: 0 1 off
    for threads in 1 2; do
        score "$tmp/two.csv" --threads $threads
        is "two sequences, $threads threads" "1.1547 1.22474 -22.4745" "0.912871 0.537086 46.2914"
    done
    score "$tmp/two.csv" --skip 1 # y: 0 0 2 and 1 off, -1.5 -0.5 2.5 and -0.5 from the mean
    is "two sequences, each without its first" "1 1.1547 -15.4701" "1.11803 0.745356 25.4644"

    # u is constant, so it is 0 as the model sees it, and v is simulated as its mean; y as half a standard deviation
    # above it, which is sqrt(14 / 4) in the data's units.
    train "$tmp/one.csv" --valid 0 -D b=0.5
    score "$tmp/one.csv" -D b=0.5
    is "standardised" "1 1 0" "2.09165 1.11803 -11.8034"

    # The tail that is kept to validate is one record, whatever the lanes that it is validated in.
    train "$tmp/tail.csv" --valid 0.5 --no-standardise --batch 2 --fit
    is "the tail, by train" "1.41421 1.41421 -41.4214" "1 0.534522 46.5478"
    train "$tmp/tail.csv" --valid-data "$tmp/one.csv" --no-standardise --batch 2 --fit --skip 2
    is "other data, by train" "1.41421 1.41421 -41.4214" "1.41421 0.942809 5.7191"
    train "$tmp/flat.csv" --valid 0 --no-standardise
    score "$tmp/flat.csv"
    grep -q '^fit of y  *RMSE 1.22474, no NRMSE: the target does not vary$' "$tmp/out" || fail "$precision, flat: $(cat "$tmp/out")"
    score "$tmp/flat.csv" --json
    tr -d '\n ' <"$tmp/out" | grep -q '"name":"y","rmse":1.2247[0-9]*,"nrmse":null,"fit_percent":null' || fail "$precision, flat: $(cat "$tmp/out")"
done

# Far from 0, where sums of squares have no digits left.
train "$tmp/far.csv" --valid 0 --no-standardise -D b=1e9
score "$tmp/far.csv" -D b=1e9
is "far from 0" "1.41421 1.41421 -41.4214" "1 0.534522 46.5478"

refused() { # SENTENCE WORD...
    sentence=$1
    shift
    "$TAPELESS" "$@" >"$tmp/out" 2>"$tmp/err" && fail "$* went through"
    grep -qF -e "$sentence" "$tmp/err" || fail "$*: $(cat "$tmp/err")"
}
spec="$tmp/sum.lua -p f64"
train "$tmp/one.csv" --valid 0 --no-standardise --batch 2
# shellcheck disable=SC2086
{
    refused '--fit: there is nothing to validate on' train $spec --data "$tmp/one.csv" --valid 0 --fit -c "$tmp/n"
    refused '--skip: it is for --fit' train $spec --data "$tmp/one.csv" --skip 1 -c "$tmp/n"
    refused 'no sequence has a step that counts behind its first 4' eval $spec --data "$tmp/one.csv" --skip 4 -c "$tmp/c"
    refused '--fit: the data are in 2 lanes' eval $spec --batch 2 --data "$tmp/one.csv" --lanes 2 --fit -c "$tmp/c"
    refused 'ends in .svg or .png' eval $spec --data "$tmp/one.csv" --plot "$tmp/p.pdf" -c "$tmp/c"
    refused '--fit: scalar has no targets' eval models/scalar.lua --steps 3 --fit -c "$tmp/c"
    cp "$tmp/c" "$tmp/c.svg"
    refused "c.svg" eval $spec --data "$tmp/one.csv" --plot "$tmp/c.svg" -c "$tmp/c.svg"
}

# A point for each step that is drawn, and two in the legend; of several sequences all but the later ones' first.
points() { # FILE COLOUR
    tr '\n' ' ' <"$1" | grep -o "<path stroke='rgb($2)'[^>]*>" | grep -o '[ML][0-9]' | wc -l
}
train "$tmp/gap.csv" --valid 0 --no-standardise --missing mask
score "$tmp/gap.csv" --plot "$tmp/p.svg"
n="$(points "$tmp/p.svg" '160, 160, 160') $(points "$tmp/p.svg" ' 31,  95, 168') $(points "$tmp/p.svg" '209,  73,  91')"
[ "$n" = "10 12 10" ] || fail "the picture of 2 targets, 4 steps, 3 of them that count, has $n points"
grep -q '>sum: RMSE 1.155, fit -22.47 %<' "$tmp/p.svg" || fail "the picture's title is $(grep sum: "$tmp/p.svg")"
[ "$(grep -c '>residual<' "$tmp/p.svg")" = 4 ] || fail "residuals are not named along their axis and in the key"
grep -q '>simulated<' "$tmp/p.svg" || fail "a simulation is not called one"
train "$tmp/one.csv" --valid 0 --no-standardise --ahead 1
score "$tmp/one.csv" --plot "$tmp/p.svg"
grep -q '>one step ahead<' "$tmp/p.svg" && ! grep -q '>simulated<' "$tmp/p.svg" || fail "what is said a step ahead is called a simulation"
train "$tmp/one.csv" --valid 0 --no-standardise --ahead 0 --input u=v
score "$tmp/one.csv" --plot "$tmp/p.svg"
grep -q '>predicted<' "$tmp/p.svg" && ! grep -q '>simulated<' "$tmp/p.svg" || fail "what is said of a target that is read is called a simulation"
train "$tmp/two.csv" --valid 0 --no-standardise --sequence g
score "$tmp/two.csv" --plot "$tmp/p.svg"
n="$(points "$tmp/p.svg" '160, 160, 160') $(points "$tmp/p.svg" ' 31,  95, 168') $(points "$tmp/p.svg" '209,  73,  91')"
[ "$n" = "14 14 14" ] || fail "the picture of 2 targets, 6 steps in 2 sequences, has $n points"

# What no update has seen stands on grey, of each target and of its residual: from the first such step to the last.
shades() { tr '\n' ' ' <"$1" | grep -o "<polygon fill *= *'rgb(238, 238, 238)'[^>]*>" | wc -l; }
grep -q '>held out<' "$tmp/p.svg" && fail "all was trained on, and is shaded"
train "$tmp/tail.csv" --valid 0.5 --no-standardise
score "$tmp/tail.csv" --plot "$tmp/p.svg"
[ "$(shades "$tmp/p.svg")" = 4 ] && grep -q '>held out<' "$tmp/p.svg" || fail "$(shades "$tmp/p.svg") panels of 4 are shaded"
train "$tmp/two.csv" --valid 0.5 --no-standardise --sequence g
score "$tmp/two.csv" --plot "$tmp/p.svg"
[ "$(shades "$tmp/p.svg")" = 4 ] || fail "of two sequences, one held out, $(shades "$tmp/p.svg") panels of 4 are shaded"
score "$tmp/two.csv" --held-out --plot "$tmp/p.svg"
[ "$(shades "$tmp/p.svg")" = 0 ] || fail "where all is held out there is nothing to shade"
finish
