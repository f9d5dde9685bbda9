#!/bin/sh
# coverage.sh FIRST COUNT - every operation of runtime/tapeless/ops.h's TL_STEP_OPS is in the graph of some random spec
# of these seeds, every word of the language that builds a step in some text, and where both Luas
# are installed they write the same specs.
set -u
TAPELESS=${TAPELESS:-build/tapeless}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
status=0
mkdir "$tmp/a" "$tmp/b"
luajit tests/random/generate.lua "$1" "$2" "$tmp/a" || exit 1
if command -v lua5.4 >/dev/null; then
    lua5.4 tests/random/generate.lua "$1" "$2" "$tmp/b" || exit 1
    diff -r "$tmp/a" "$tmp/b" >/dev/null || { echo "FAILED: LuaJIT and Lua 5.4 write different specs"; status=1; }
fi
for spec in "$tmp"/a/*.lua; do
    "$TAPELESS" compile "$spec" -d spec >>"$tmp/graphs" || exit 1
done
cat "$tmp"/a/*.lua >"$tmp/text"
operations=$(sed -n '/define TL_STEP_OPS/,/^$/s/^ *X([A-Z_]*, "\([a-z_]*\)".*/\1/p' runtime/tapeless/ops.h)
count=0
for word in $operations; do
    count=$((count + 1))
    [ $word = expand ] && continue # of a loss that parameters alone make; tests/ops/shared_loss.lua
    grep -q "^%[0-9]* $word [*#]*{" "$tmp/graphs" || { echo "FAILED: no random spec has the operation $word"; status=1; }
done
[ $count -ge 40 ] || { echo "FAILED: only $count operations found in runtime/tapeless/ops.h; has its form changed?"; status=1; }
for word in split slice stack concat reshape flatten transpose matmul mean layer_norm embedding conv1d conv2d \
    max_pool avg_pool dropout stop_gradient probe nn.linear nn.embedding nn.layer_norm nn.conv1d nn.conv2d nn.dropout \
    nn.rnn nn.lstm nn.gru module learned init orthogonal const trainable lr weight_decay constrain mse huber bce cross_entropy \
    'probe("mark1' 'probe("mark_seen' 'probe("mark_stack' recompute retain versions carry resets masks; do
    grep -q "\\b$word\\b" "$tmp/text" || { echo "FAILED: no random spec has $word"; status=1; }
done
echo "$2 specs, $count operations"
exit $status
