for list in american-english french ngerman italian spanish; do
    needs_file /usr/share/dict/$list "wamerican, wfrench, wngerman, witalian and wspanish"
done
words="$(size 12000 100) 1"
data train.csv "train $words"
data test.csv "test $words"
data bayes "bayes $words"
train --data "$dir/train.csv" --sequence id --missing mask --other "$(size 5 1)" --valid 0 --epochs "$(size 6 1)"
evaluate --data "$dir/test.csv" --confusion --plot "$dir/language.svg"
report accuracy "$(of eval.json targets 0 accuracy)" above 0.88 "naive Bayes on pairs of letters: $(cat "$dir/bayes")"
