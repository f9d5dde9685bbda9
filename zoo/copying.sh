blanks=$(size 100 5)
data train.csv "$(size 6400 64) $blanks 1"
data test.csv "$(size 1000 40) $blanks 2"
train -D length=$((blanks + 20)) --data "$dir/train.csv" --sequence id --valid 0 --epochs "$(size 4 1)"
evaluate --data "$dir/test.csv"
draw curve 720,240 "base = 0.1733; said = 'no memory: 10 ln 8 / 120 = 0.173'; what = 'cross entropy'"
report "cross entropy" "$(of eval.json loss)" below 0.001 "no memory: 10 ln 8 / 120 = 0.173"
