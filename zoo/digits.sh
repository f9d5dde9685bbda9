needs_module sklearn python3-sklearn
data train.csv train
data test.csv test
data logistic logistic
train --data "$dir/train.csv" --sequence id --missing mask --valid 0 --epochs "$(size 60 1)"
evaluate --data "$dir/test.csv" --confusion --plot "$dir/digits.svg"
report accuracy "$(of eval.json targets 0 accuracy)" above "$(cat "$dir/logistic")" \
    "logistic regression on all pixels: $(cat "$dir/logistic"); scikit-learn's example of an SVM: 0.97"
