data train.csv "$(size 8000 200) 1"
data test.csv "$(size 1000 100) 2"
train --data "$dir/train.csv" --sequence id --missing mask --valid 0 --epochs "$(size 12 1)"
evaluate --data "$dir/test.csv"
into "$dir/nearest" python3 zoo/nearest.py "$dir/train.csv" "$dir/test.csv"
flash
into "$dir/picture" awk -F, 'FNR > 1 && !($1 in row) { row[$1] = 0 }
    FNR > 1 { for (b = 2; b <= 9; b++) cell[$1, row[$1], b] = $b; row[$1]++; if ($10 != "") id[$10] = $1 }
    END { for (w = 0; w < 7; w++) { for (t = 0; t < row[id[w]]; t++) { for (b = 2; b <= 9; b++) print t, b - 1, cell[id[w], t, b]; print "" } print "\n" } }' "$dir/test.csv"
draw tones 720,170
report "accuracy in 8 bits" "$(of fixed.json targets 0 accuracy)" above 0.94 \
    "f32 $(of eval.json targets 0 accuracy | cut -c 1-5), nearest mean $(cat "$dir/nearest"); $bytes bytes of flash"
