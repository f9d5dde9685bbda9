length=$(size 200 24)
data train.csv "$(size 6400 64) $length 1"
data test.csv "$(size 1000 40) $length 2"
train -D length="$length" --data "$dir/train.csv" --sequence id --missing mask --valid 0 --epochs "$(size 4 1)"
evaluate --data "$dir/test.csv"
draw curve 720,240 "base = 0.1667; said = 'always 1: 0.167'; what = 'mean squared error'"
report "mean squared error" "$(of eval.json loss)" below 0.01 "always 1: 0.167"
