data train.csv "data $(size 30000 1500) 1"
data test.csv "data $(size 6000 1000) 2"
train --data "$dir/train.csv" --epochs "$(size 30 1)"
predict predicted.csv --data "$dir/test.csv"
into "$dir/snr" python3 zoo/denoise.py snr "$dir/test.csv" "$dir/predicted.csv" "$dir/picture"
draw denoise 720,300
report "dB of signal over noise gained" "$(sed -n 1p "$dir/snr")" above 3.5 \
    "spectral subtraction $(sed -n 2p "$dir/snr"), ideal gains $(sed -n 3p "$dir/snr")"
