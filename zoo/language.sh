for list in american-english french ngerman italian spanish; do
    needs_file /usr/share/dict/$list "wamerican, wfrench, wngerman, witalian and wspanish"
done
words="$(size 12000 100) 1"
data train.csv "train $words"
data test.csv "test $words"
data bayes "bayes $words"
train --data "$dir/train.csv" --sequence id --missing mask --other 5 --valid 0 --epochs "$(size 6 1)"
evaluate --data "$dir/test.csv"
predict predicted.csv --data "$dir/test.csv"
into "$dir/picture" awk -F, 'FNR == 1 { file++; next }
    file == 1 { if ($NF != "") label[$1] = $NF; next }
    { rows[$1]++; said[$1] = $3 }
    END { for (i in rows) { all[rows[i]]++; right[rows[i]] += said[i] == label[i] }
        for (n = 4; n <= 16; n++) if (all[n]) print n, right[n] / all[n] }' "$dir/test.csv" "$dir/predicted.csv"
draw right 720,220 "read = 'letters of the word'"
report accuracy "$(of eval.json targets 0 accuracy)" above 0.88 "naive Bayes on pairs of letters: $(cat "$dir/bayes")"
