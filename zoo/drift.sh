begin=$(size 8000 800)
data all.csv "$((3 * begin)) 1 $begin"
into "$dir/train.csv" head -n $((begin + 1)) "$dir/all.csv"
into "$dir/stream.csv" awk -v from=$((begin + 1)) 'NR == 1 || NR > from' "$dir/all.csv"
train --data "$dir/train.csv" --missing mask --epochs "$(size 20 1)"
stream() { # NAME [--frozen]
    as=$1
    shift
    into "$dir/$as.json" "$tapeless" online zoo/drift.lua --data "$dir/stream.csv" --missing mask --checkpoint "$dir/weights" --json \
        --overwrite --output "$dir/$as.csv" "$@"
}
stream learning
stream frozen --frozen
# The root of the mean square of the last 40 errors, row by row: frozen and learning.
into "$dir/picture" awk -F, 'FNR == 1 { file++; next }
    file < 3 { said[file, $1] = $NF; next }
    $4 != "" { for (k = 1; k <= 2; k++) { e[k, ++n[k]] = (said[k, FNR - 1] - $4) ^ 2; s[k] += e[k, n[k]] - e[k, n[k] - 40] }
        if (n[1] >= 40) print FNR - 1, sqrt(s[1] / 40), sqrt(s[2] / 40) }' "$dir/frozen.csv" "$dir/learning.csv" "$dir/stream.csv"
draw drift 720,240
frozen=$(of frozen.json targets 0 root_mean_square_error) learning=$(of learning.json targets 0 root_mean_square_error)
report "error of learning over frozen" "$(awk -v a="$learning" -v b="$frozen" 'BEGIN { printf "%.4f", a / b }')" below 0.7 \
    "RMS $(printf %.3f "$learning") and $(printf %.3f "$frozen"); the last reference: $(printf %.3f "$(of frozen.json targets 0 persistence)")"
