needs_module scipy.misc,numpy python3-scipy
data train.csv "train 1"
data test.csv "test 1"
train --data "$dir/train.csv" --epochs "$(size 100 1)"
predict predicted.csv --data "$dir/test.csv"
into "$dir/auc" "$python" zoo/ecg.py auc "$dir/test.csv" "$dir/predicted.csv" "$dir/picture"
draw ecg 720,300
report "AUC of half seconds" "$(sed -n 1p "$dir/auc")" above 0.75 "by the residual of a linear forecast: $(sed -n 2p "$dir/auc")"
