needs_module sklearn python3-sklearn
data train.csv train
data test.csv test
data logistic logistic
train --data "$dir/train.csv" --sequence id --missing mask --valid 0 --epochs "$(size 60 1)"
evaluate --data "$dir/test.csv"
predict predicted.csv --data "$dir/test.csv"
into "$dir/picture" awk -F, 'FNR == 1 { file++; next }
    file == 1 { if ($NF != "") label[$1] = $NF; next }
    { n = ++rows[$1]; all[n]++; right[n] += $3 == label[$1] }
    END { for (n = 1; n <= 8; n++) print n, right[n] / all[n] }' "$dir/test.csv" "$dir/predicted.csv"
draw right 720,220 "read = 'rows of pixels read'"
report accuracy "$(of eval.json targets 0 accuracy)" above "$(cat "$dir/logistic")" \
    "logistic regression on all pixels: $(cat "$dir/logistic"); scikit-learn's example of an SVM: 0.97"
