# Under `ulimit -v` of any size each command works, or says in a sentence why not and ends with status 2, or
# does not even get its libraries (the loader says so, 127). It never hangs: what spins is ended by its bound
# of processor time, which is a signal and so a failure. What does not compute needs no OpenBLAS, nor does generated
# code whose products are templates.
. tests/cli/common.sh
spec=tests/faults/reg.lua
data=$tmp/data.csv
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 48; i++) printf "%.3f,%.3f,%.3f\n", sin(i), cos(i / 3), sin(i - 1) }' >"$data"
make_text "$tmp/text"
"$TAPELESS" build $spec -o "$tmp/bin" >/dev/null
"$TAPELESS" build $spec -O no-tiles -o "$tmp/blas" >/dev/null
"$TAPELESS" train $spec --data "$data" -n 2 -c "$tmp/c" -q >/dev/null
"$TAPELESS" train tests/faults/txt.lua --data "$tmp/text" -n 2 -c "$tmp/t" -q >/dev/null
"$TAPELESS" export $spec -c "$tmp/c" -o "$tmp/w" >/dev/null
for command in "diff" "check" "lags --data $data -c $tmp/c"; do # fill the cache
    # shellcheck disable=SC2086
    "$TAPELESS" ${command%% *} $spec ${command#${command%% *}} >/dev/null
done
cp "$tmp/c" "$tmp/old"

worked=0 refused=0 unloaded=0
under() { # KILOBYTES COMMAND...
    size=$1
    shift
    status=0
    (ulimit -c 0 && ulimit -t 60 && ulimit -v "$size" && exec "$@") >/dev/null 2>"$tmp/err" || status=$?
    case $status in
    0) worked=$((worked + 1)) ;;
    2) refused=$((refused + 1)) ;;
    127) unloaded=$((unloaded + 1)) ;;
    *) fail "$size kB: status $status: $*: $(head -c 300 "$tmp/err")" ;;
    esac
    [ "$status" = 0 ] || [ -s "$tmp/err" ] || fail "$size kB: $*: status $status and no sentence"
}
all() { # KILOBYTES
    under "$1" "$TAPELESS" compile $spec -o "$tmp/out"
    under "$1" "$TAPELESS" show $spec
    under "$1" "$TAPELESS" diff $spec
    under "$1" "$TAPELESS" check $spec
    under "$1" "$TAPELESS" train $spec --data "$data" -n 3 -c "$tmp/c" --overwrite -q
    under "$1" "$TAPELESS" train $spec --engine interpreter --data "$data" -n 3 -c "$tmp/i" --overwrite -q
    under "$1" "$TAPELESS" eval $spec --data "$data" -c "$tmp/old"
    under "$1" "$TAPELESS" predict $spec --data "$data" -c "$tmp/old"
    under "$1" "$TAPELESS" lags $spec --data "$data" -c "$tmp/old"
    under "$1" "$TAPELESS" sample tests/faults/txt.lua -c "$tmp/t" --length 10
    under "$1" "$TAPELESS" export $spec -c "$tmp/old" -o "$tmp/w2" --overwrite
    under "$1" "$TAPELESS" import $spec "$tmp/w" -c "$tmp/i2" --overwrite
    under "$1" "$tmp/bin/reg" train --data "$data" -n 3 -c "$tmp/c" --overwrite -q
    under "$1" "$tmp/bin/reg" bench --seconds 0
    under "$1" "$tmp/blas/reg" bench --seconds 0
    under "$1" "$tmp/bin/reg" info
}
for kilobytes in 3000 4600 4900 5300 5900 6500 7100 8000 10000 16000 40000 100000 196000 205000; do
    all $kilobytes
    "$TAPELESS" eval $spec --data "$data" -c "$tmp/c" >/dev/null || fail "$kilobytes kB: the checkpoint is damaged"
done
[ $refused -gt 30 ] && [ $worked -gt 20 ] || fail "$worked worked, $refused refused, $unloaded unloaded"
# The C compiler has limits of its own.
for kilobytes in 8000 40000 60000; do
    under $kilobytes "$TAPELESS" build $spec -o "$tmp/bin2"
done
# Enough is enough.
refused=0 unloaded=0
all 400000
[ $refused = 0 ] && [ $unloaded = 0 ] || fail "$refused commands refused 400 MB, $unloaded did not start"
under 100000 "$tmp/blas/reg" bench --seconds 0
grep -q 'reg: not enough memory for OpenBLAS: .*192 MiB of address space; raise the limit (ulimit -v)' "$tmp/err" ||
    fail "what OpenBLAS needs is not said: $(cat "$tmp/err")"

# Nothing of OpenBLAS, whose constructor starts threads, where nothing of it is called.
loads() { # COMMAND...: whether it loads OpenBLAS
    LD_DEBUG=files "$@" >/dev/null 2>"$tmp/files" || fail "$*"
    grep -q 'libjansson' "$tmp/files" || fail "the loader does not say what it loads"
    grep -q 'libopenblas' "$tmp/files"
}
for command in "compile $spec -o $tmp/out" "show $spec" "info $spec" "export $spec -c $tmp/old -o $tmp/w3" \
    "eval $spec --data $data -c $tmp/old" "train tests/faults/txt.lua --data $tmp/text -n 2 -c $tmp/t --overwrite -q"; do
    # shellcheck disable=SC2086
    ! loads "$TAPELESS" $command || fail "$command loads OpenBLAS"
done
! loads "$tmp/bin/reg" eval --data "$data" -c "$tmp/old" || fail "a trainer loads OpenBLAS that its code does not call"
loads "$tmp/bin/reg" bench --seconds 0 || fail "an orthogonal start is made without OpenBLAS"
loads "$tmp/blas/reg" eval --data "$data" -c "$tmp/old" || fail "a trainer does not load what its code calls"
loads "$TAPELESS" train $spec --engine interpreter --data "$data" -n 3 -c "$tmp/i" --overwrite -q ||
    fail "the interpreter computes without OpenBLAS"
finish
