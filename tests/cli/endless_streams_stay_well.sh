# 20,000 updates of RTRL, of the EKF and of the decoupled EKF, in f32 and f64: what is allocated stays as it is, all numbers
# are finite, P has a Cholesky decomposition, and the error of the last tenth is a fraction of the first's.
. tests/cli/common.sh

one() { # name precision options...
    name=$1 precision=$2
    shift 2
    "$TAPELESS" build models/elman.lua -D hidden=12 --k1 1 --k2 1 --batch 1 --learn rtrl --set train.clip_norm=0 \
        -p "$precision" "$@" -o "$tmp/$name" || fail "$name is not built"
    "$BUILD/bench_learning" endless "$tmp/$name/libelman.so" elman 20000 >"$tmp/$name.txt" || fail "$name: $(tail -2 "$tmp/$name.txt")"
    [ "$(grep -c 'updates ' "$tmp/$name.txt")" = 10 ] || fail "$name: not ten lines"
    awk '/updates / { n++; if (n == 1) first = $6; last = $6 } END { exit !(last < first / 3) }' "$tmp/$name.txt" ||
        fail "$name does not learn: $(cat "$tmp/$name.txt")"
}

for precision in f32 f64; do
    one "rtrl_$precision" $precision --optimizer sgd --lr 0.01
    one "ekf_$precision" $precision --optimizer ekf
    one "decoupled_$precision" $precision --optimizer ekf --set train.optimizer.decoupled=true
    grep -q 'P positive' "$tmp/ekf_$precision.txt" || fail "P was not looked at"
done
finish
