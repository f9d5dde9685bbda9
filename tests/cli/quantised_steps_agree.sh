# In fixed point every operation of tests/ops and every model puts out what it does in floating point, but for rounding: eval
# --quantised says by how much. Weights are as they were drawn; a loss that is another's, or a state that is, would be seen.
. tests/cli/common.sh
if [ -z "${OPTIMISE:-}" ]; then # integers are the same at any -O
    REAL_CC="${CC:-cc}" OPTIMISE=-O0 CC="sh $PWD/tests/random/cc.sh"
    export REAL_CC OPTIMISE CC
fi

draw() { # SEED FIELD SHAPE COUNT: so many numbers from -2 to 2; of SHAPE ...xNi tokens below COUNT / 60
    awk -v seed="$1" -v field="$2" -v shape="$3" -v n="$4" 'BEGIN {
        srand(seed); printf "%s %s", field, shape; tokens = shape ~ /i$/
        for (i = 0; i < (tokens ? 60 : n); i++) if (tokens) printf " %d", int(rand() * n); else printf " %.5f", rand() * 4 - 2
        print "" }'
}

data() { # FILE [FIELD SHAPE COUNT]...
    file=$1 seed=1 words=
    shift
    while [ $# -gt 0 ]; do
        words="$words${words:+ -- }$(draw $seed "$1" "$2" "$3")"
        seed=$((seed + 1))
        shift 3
    done
    # shellcheck disable=SC2086 # words
    "$BUILD/tests/tensors" write "$file" $words || fail "$file is not written"
}

agrees() { # SPEC DATA MOST_RMS_INT16 MOST_RMS_INT8 OPTIONS...; MOST_RMS_INT8 -: int8 differs in products alone
    spec=$1 file=$2 wide=$3 narrow=$4 runs=$((runs + 1))
    shift 4
    "$TAPELESS" train "$spec" --data "$file" --epochs 1 --lr 0 --engine interpreter --overwrite -c "$tmp/c.st" "$@" >"$tmp/out" 2>&1 ||
        { fail "$spec: train: $(tail -1 "$tmp/out")"; return; }
    for kind in int16 int8; do
        most=$wide
        [ $kind = int16 ] || most=$narrow
        [ "$most" != - ] || continue
        "$TAPELESS" eval "$spec" --data "$file" -c "$tmp/c.st" --quantised $kind "$@" >"$tmp/out" 2>&1 ||
            { fail "$spec $kind: $(tail -1 "$tmp/out")"; return; }
        awk -v most="$most" '/^off by/ { sub(/.*RMS /, ""); n++; if (!($1 + 0 <= most)) bad = 1 } END { exit bad || !n }' "$tmp/out" ||
            fail "$spec $kind: over $most: $(grep '^off by' "$tmp/out")"
        awk -v most="$most" '$1 == "loss" { a = $2 } $1 == "loss," { b = $3 } END { d = a - b; exit !(d * d <= most * most * (1 + 25 * b * b)) }' "$tmp/out" ||
            fail "$spec $kind: other losses: $(grep '^loss' "$tmp/out")"
    done
}

runs=0
data "$tmp/cases.safetensors" input.x 60x1x12 720 input.token 60x1i 5 target 60x1x12 720
data "$tmp/state.safetensors" input 60x1x6 360 target 60x1x6 360
data "$tmp/delay.safetensors" input 60x1x4 240 target 60x1x4 240
data "$tmp/head.safetensors" input 60x1x6 360 target.y 60x1x6 360 target.z 60x1x2x3 360
data "$tmp/losses.safetensors" input.x 60x1x4 240 input.word 60x1i 3 target.class 60x1i 3 target.far 60x1x2x3 360 target.grid 60x1x2x3 360 \
    target.near 60x1x4 240 target.odds 60x1x4 240 target.place 60x1 60 target.sharp 60x1x4 240
data "$tmp/gram.safetensors" input 60x1x3x3 540 target 60x1x3x3 540
data "$tmp/equal.safetensors" input 60x1x3 180 target 60x1x5 300
data "$tmp/columns.safetensors" input 60x1x7 420 target 60x1x2 120
data "$tmp/three.safetensors" input 60x1x3 180 target 60x1x2 120
data "$tmp/feeding.safetensors" input.x 60x1x3 180 input.word 60x1i 5 input.m 60x1x2x3 360 target.y 60x1x3 180 target.word 60x1i 5
data "$tmp/window.safetensors" input.x 60x1x3 180 input.word 60x1i 5 target 60x1x2 120
data "$tmp/losses_by_name.safetensors" input 60x1x3 180 target.y 60x1x2 120 target.word 60x1i 4
for spec in tests/ops/*.lua; do
    case $(basename "$spec" .lua) in
    random | shared_loss) continue ;; # one that is drawn, one without data
    state | delay | head | losses | gram | equal | columns | feeding | window) file=$(basename "$spec" .lua) ;;
    named) file=losses_by_name ;;
    join | probes | diagonal) file=three ;;
    *) file=cases ;;
    esac
    narrow=-
    case $spec in */product.lua | */token.lua | */head.lua | */convolution.lua) narrow=4e-2 ;; esac
    agrees "$spec" "$tmp/$file.safetensors" 2e-3 $narrow
done
agrees tests/ops/probes.lua "$tmp/three.safetensors" 2e-3 - -D head=true
data "$tmp/one.safetensors" input 60x1x1 60 target 60x1x1 60
data "$tmp/four.safetensors" input 60x1x4 240 target 60x1x1 60
data "$tmp/named.safetensors" input.u 60x1x1 60 target.y 60x1x1 60
data "$tmp/image.safetensors" input 60x1x16 960 target 60x1x4 240
data "$tmp/tokens.safetensors" input 60x1i 20 target 60x1i 20
agrees models/elman.lua "$tmp/one.safetensors" 3e-4 2e-2
for model in lstm gru; do
    agrees models/$model.lua "$tmp/four.safetensors" 3e-4 1e-2
done
for model in mingru lru narx state_space tanks; do
    agrees models/$model.lua "$tmp/named.safetensors" 2e-3 1e-1
done
agrees models/lstm_cnn.lua "$tmp/image.safetensors" 3e-4 1e-2
agrees models/charlstm.lua "$tmp/tokens.safetensors" 3e-4 1e-2 -D vocab=20 -D embed=8 -D hidden=16
[ $runs -ge 30 ] || fail "only $runs specs were tried"
finish
