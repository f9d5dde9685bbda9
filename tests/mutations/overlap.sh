# The engines' trainings of tests/overlap/cell.lua where windows overlap, against its definition.
. tests/cli/common.sh
awk 'BEGIN { print "x"; for (t = 1; t <= 9; t++) print ((t * 7) % 5 - 2) / 4 }' >"$tmp/x.csv"
for engine in interpreter generated; do
    for overlap in recompute retain versions; do
        for apart in false true; do
            "$TAPELESS" train tests/overlap/cell.lua --engine $engine --precision f64 -D k1=1 -D k2=3 -D overlap=$overlap \
                -D apart=$apart --data "$tmp/x.csv" --no-standardise --valid 0 --quiet --overwrite --checkpoint "$tmp/c" \
                --log "$tmp/log.csv" &&
                awk -F, -v what="$engine 1 3 $overlap new mean 9 $apart" \
                    'NR == 1 { printf "%s", what; next } { printf " %s %s", $4, $6 } END { print "" }' \
                    "$tmp/log.csv" >>"$tmp/lines" || exit 1
        done
    done
done
luajit tests/overlap/reference.lua "$tmp/lines" 12
