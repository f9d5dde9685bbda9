lyapunov=0.018112 # of a row, 0.02 units of time times the largest exponent, 0.9056
data train.csv "$(size 8000 800) 1 1"
data test.csv "1300 $(size 50 3) 2"
into "$dir/known.csv" awk -F, '$1 != id { id = $1; n = 0 } ++n <= 300' "$dir/test.csv"
train -p f64 -D hidden="$(size 600 50)" --data "$dir/train.csv" --sequence id --weight weight --valid 0
predict free.csv --data "$dir/known.csv" --horizon 1000
into "$dir/valid" python3 zoo/free.py valid "$dir/test.csv" "$dir/free.csv" 300 1000 "$dir/picture" $lyapunov
draw free 720,320 "step = 3; unit = $lyapunov; what = 'x(t)'; time = 'Lyapunov times without the truth'"
report "valid for Lyapunov times, median" "$(cat "$dir/valid")" above 5 "Gauthier et al. 2021: about 5"
