data load.csv "$(size 1461 80) 1"
train --data "$dir/load.csv" --time when --calendar day,week,year --input clock=day.sin,day.cos,week.sin,week.cos,year.sin,year.cos --ahead 24 \
    --valid 0.25 --epochs "$(size 20 1)"
evaluate --data "$dir/load.csv" --held-out --baselines --season 168
predict predicted.csv --data "$dir/load.csv"
# Two weeks of the part that was not trained on: hour, load, forecast, the week before.
into "$dir/picture" awk -F, 'NR == FNR { if (FNR > 1) said[$1] = $NF; next }
    FNR > 1 { load[$1] = $2; at[n++] = $1 }
    END { for (i = n - 504; i < n - 168; i++) print at[i], load[at[i]], said[at[i]], load[at[i - 168]] }' "$dir/predicted.csv" "$dir/load.csv"
draw load 720,260
report "error over the same hour a week before" "$(of eval.json baselines 0 mean_absolute_error_by_seasonal)" below 0.5 \
    "1 is seasonal persistence; the linear forecast has $(python3 zoo/of.py "$dir/eval.json" baselines 0 linear_mean_absolute_error | cut -c 1-5) MW, the model $(
        of eval.json targets 0 mean_absolute_error | cut -c 1-5)"
