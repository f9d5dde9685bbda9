data train.csv "$(size 3000 200) 1"
data test.csv "$(size 1000 100) 2"
train --data "$dir/train.csv" --sequence id --missing mask --valid 0 --epochs "$(size 15 1)"
evaluate --data "$dir/test.csv"
into "$dir/nearest" python3 zoo/nearest.py "$dir/train.csv" "$dir/test.csv"
flash
into "$dir/picture" awk -F, 'FNR > 1 { n[$1]++; x[$1, n[$1]] = $2; y[$1, n[$1]] = $3; z[$1, n[$1]] = $4; if ($5 != "") id[$5] = $1 }
    END { m = split("circle counter shake lift taps rest", names, " ")
        for (k = 1; k <= m; k++) { i = id[names[k]]; for (t = 1; t <= n[i]; t++) print t / 25, x[i, t], y[i, t], z[i, t]; print "\n" } }' "$dir/test.csv"
draw gesture 720,170
report "accuracy in 8 bits" "$(of fixed.json targets 0 accuracy)" above 0.97 \
    "f32 $(of eval.json targets 0 accuracy | cut -c 1-5), nearest mean $(cat "$dir/nearest"); $bytes bytes of flash"
