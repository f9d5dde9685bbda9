# Where steps are kept from window to window, a view of a parameter is seen as the parameter itself
# is ("retain": today's), and what was copied or computed from it as it was: the engines agree.
. tests/cli/common.sh
for spec in arrange convolution; do
    for overlap in retain versions; do
        "$TAPELESS" diff tests/ops/$spec.lua -p f64 -D overlap=$overlap >"$tmp/out" 2>&1 ||
            fail "$spec, $overlap: $(grep -e '<-- over' -e DIFFER "$tmp/out" | head -n 5)"
    done
done
finish
