#!/bin/sh
# Every operation of runtime/tapeless/ops.h's TL_STEP_OPS is in the graph of some spec of tests/ops, so that
# an operation without a test is noticed.
set -u
seen=$(mktemp) || exit 2
trap 'rm -f "$seen"' EXIT
for spec in tests/ops/*.lua; do
    "$TAPELESS" compile "$spec" -d spec >>"$seen" || exit 1
done
words=$(sed -n '/define TL_STEP_OPS/,/^$/s/^ *X([A-Z_]*, "\([a-z_]*\)".*/\1/p' runtime/tapeless/ops.h)
count=0
status=0
for word in $words; do
    count=$((count + 1))
    grep -q "^%[0-9]* $word [*#]*{" "$seen" || { echo "FAILED: no spec of tests/ops has the operation $word"; status=1; }
done
[ $count -ge 40 ] || { echo "FAILED: only $count operations found in runtime/tapeless/ops.h; has its form changed?"; status=1; }
echo "$count operations"
exit $status
