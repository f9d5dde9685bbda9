data train.csv "$(size 3000 800) 1 1"
data test.csv "1084 $(size 50 3) 2"
into "$dir/known.csv" awk -F, '$1 != id { id = $1; n = 0 } ++n <= 1000' "$dir/test.csv"
train -p f64 -D hidden="$(size 1000 50)" --data "$dir/train.csv" --sequence id --weight weight --valid 0
predict free.csv --data "$dir/known.csv" --horizon 84
into "$dir/nrmse" python3 zoo/free.py nrmse "$dir/test.csv" "$dir/free.csv" 1000 84 "$dir/picture"
draw free 720,320 "step = 1; unit = 1; what = 'x(t)'; time = 'steps without the truth'"
report "NRMSE after 84 free steps" "$(cat "$dir/nrmse")" below 0.00028 "Jaeger 2001, 400 units: 0.00028; Jaeger & Haas 2004, 1000 units: 6.3e-05"
