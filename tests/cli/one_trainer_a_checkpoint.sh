# A second training that would save to the same checkpoint, under whatever name, is refused while the first one
# runs; commands that read are not, and what a killed one leaves blocks nobody.
. tests/cli/common.sh
"$TAPELESS" build tests/faults/uv.lua -o "$tmp/bin" || fail "build"
uv=$tmp/bin/uv
awk 'BEGIN { print "u,v"; for (i = 0; i < 60; i++) print sin(i) "," cos(i) }' >"$tmp/d.csv"
cd "$tmp"
ln -s c.st also.st
train="$uv train --data d.csv --input u --target v"
$train -c c.st --steps 1 --quiet >/dev/null || fail "train"
mkfifo said_first
$train -c c.st --resume --best b.st --log log.csv --epochs 1000000000 --save-updates 50 >/dev/null 2>said_first &
first=$!
trap 'status=$?; kill -9 $first 2>/dev/null || true; ended $status' EXIT
# Its first line comes when its files are its own. Then nobody reads what it says, and it goes on.
read -r line <said_first
case $line in uv:*) ;; *) fail "the first training says: $line" ;; esac

refused() { # COMMAND...
    status=0
    timeout 60 "$@" >out 2>said || status=$?
    [ $status = 2 ] || fail "$*: exit $status"
    grep -q "process $first is writing it" said || fail "$*: $(cat said)"
}
refused $train -c c.st --resume --steps 1
refused $train -c c.st --overwrite --steps 1
refused $train -c also.st --resume --steps 1
refused $train -c other.st --best b.st --steps 1
refused $train -c b.st --overwrite --steps 1
refused $train -c other.st --log log.csv --steps 1
[ ! -e other.st ] || fail "a refused training has begun"
refused "$uv" import c.st -c c.st --overwrite
cp c.st other.st
refused "$uv" export -c other.st -o c.st --overwrite
"$uv" eval -c c.st --data d.csv >/dev/null 2>said || fail "eval: $(cat said)"
"$uv" export -c c.st -o weights.st 2>said || fail "export to another file: $(cat said)"
$train -c second.st --steps 1 --quiet >/dev/null 2>said || fail "beside it: $(cat said)"
kill -0 $first || fail "the first training has ended"

kill -9 $first
wait $first 2>/dev/null || true
$train -c c.st --resume --steps 1 --quiet >/dev/null 2>said || fail "after a kill: $(cat said)"
ls -a | grep -q 'c.st.tapeless-lock' && fail "the lock's file has stayed"
cd "$OLDPWD"
finish
