# Levenberg-Marquardt ends at the costs that SciPy's least_squares found from the same starts on the same residuals
# (tests/scipy/least_squares.py), and is there in no more iterations than MINPACK's took: whatever the engine, the
# shards, the threads, the lanes, and where the stream is cut; of tank with its bounds.
. tests/cli/common.sh

sed 's/, { constrain.*})/)/' tests/scipy/tank.lua >"$tmp/tank_free.lua"
! grep -q constrain "$tmp/tank_free.lua" || fail "the tank still has bounds"

options_of() { # NAME
    case $1 in
    pair) echo "pair.csv --input u=u --target y=y --target d=d --raw u --raw y --raw d --weight w --sequence s" ;;
    tank*) echo "data.csv --input u --target y --raw u --raw y" ;;
    *) echo "data.csv --input u --target d --raw u --raw d" ;;
    esac
    case $1 in
    arx) echo "--set train.optimizer.l2=1e-3" ;;
    elman) echo "--set train.optimizer.l2=2e-2 --set train.optimizer.decay=matrices" ;;
    esac
}

learn=rtrl quiet=-q
train() { # NAME options...: $cost, $updates
    name=$1
    shift
    spec=tests/scipy/$name.lua
    [ -f "$spec" ] || spec=$tmp/$name.lua
    # shellcheck disable=SC2046,SC2086 # words, or nothing
    "$TAPELESS" train "$spec" --data tests/scipy/$(options_of "$name") --valid 0 $quiet --json --overwrite -c "$tmp/$name" \
        --optimizer lm --learn $learn "$@" >"$tmp/out" 2>"$tmp/err" || fail "$name $*: $(cat "$tmp/err")"
    cost=$(sed -n 's/^ *"cost": \(.*\),$/\1/p' "$tmp/out")
}

near() { # NAME TOLERANCE WHAT: the cost is within it of SciPy's
    want=$(grep "^$1 " tests/scipy/least_squares.txt | cut -d' ' -f2)
    awk -v cost="$cost" -v want="$want" -v most="$2" 'BEGIN { d = cost / want - 1; exit !(cost > 0 && d < most && d > -most) }' ||
        fail "$3: a cost of $cost, and SciPy's is $want"
}

ends_there() { # NAME options...
    train "$@"
    grep -qE '"stopped": "(gradient|step|cost|no_decrease)"' "$tmp/out" || fail "$*: it did not end: $(cat "$tmp/out")"
    near "$1" 1e-8 "$*"
}

for name in arx elman tank tank_free gru pair; do
    ends_there $name
    most=$(grep "^$name " tests/scipy/least_squares.txt | cut -d' ' -f4) # its Jacobians
    train $name --steps "$most"
    near $name 1e-8 "$name after $most iterations"
done

ends_there pair --engine interpreter
ends_there pair --shards 2 --threads 2
ends_there pair --k1 1 --k2 1
ends_there pair --k1 5 --k2 11
ends_there gru --k1 40 --k2 40 -O none
ends_there tank --k1 3 --engine interpreter
ends_there tank_free --k1 7 --k2 7

# Windows whose sensitivities begin at 0, as long as there are steps behind them; of shorter ones the gradient is not the cost's.
learn=tbptt
ends_there gru --k2 40
ends_there pair --k2 24
ends_there arx --k2 40 --engine interpreter
quiet=
train gru --k2 2
quiet=-q
[ "$(grep -c 'the gradient is truncated to k2 = 2 steps' "$tmp/err")" = 1 ] || fail "truncation is not said once: $(cat "$tmp/err")"
want=$(grep "^gru " tests/scipy/least_squares.txt | cut -d' ' -f2)
awk -v cost="$cost" -v want="$want" 'BEGIN { exit !(cost > want * 1.001) }' || fail "the truncated gradient leads to the same cost, $cost"
learn=rtrl

# Half the acceleration along a step.
for name in arx gru pair tank tank_free; do
    ends_there $name --set train.optimizer.geodesic=true
done

# In single precision as near as its rounding.
for name in arx gru pair tank_free; do
    train $name -p f32 --steps 200
    near $name 2e-5 "$name in f32"
done

# Another damping to begin with, on another way.
ends_there gru --set train.optimizer.lambda=10
ends_there gru --set train.optimizer.lambda=1e-9
finish
