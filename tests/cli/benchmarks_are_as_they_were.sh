# The generators of models/data write the same records every time, of the systems that they name; models learn them,
# and a benchmark's own file is read by its columns.
. tests/cli/common.sh
for name in tanks silverbox bouc_wen; do
    mkdir -p "$tmp/again" "$tmp/other"
    luajit models/data/$name.lua "$tmp" || fail "$name"
    luajit models/data/$name.lua "$tmp/again" 1 || fail "$name again"
    luajit models/data/$name.lua "$tmp/other" 2 || fail "$name with another seed"
    for which in train test; do
        cmp "$tmp/$name-$which.csv" "$tmp/again/$name-$which.csv" || fail "$name-$which is another each time"
        cmp -s "$tmp/$name-$which.csv" "$tmp/other/$name-$which.csv" && fail "$name-$which does not depend on the seed"
    done
    cmp -s "$tmp/$name-train.csv" "$tmp/$name-test.csv" && fail "$name: the test is what is trained on"
done
luajit models/data/tanks.lua "$tmp" x >/dev/null 2>&1 && fail "a seed that is no number is taken"

# Rows as they were written first, but for the last digits, which are those of the C library's functions.
row() { # FILE ROW T U Y
    awk -F, -v n="$2" -v t="$3" -v u="$4" -v y="$5" 'function off(a, b) { return (a - b) ^ 2 > 1e-8 * b * b }
        NR == n + 1 { if (off($1, t) || off($2, u) || off($3, y)) print; found = 1 } END { if (!found) print "no such row" }' "$tmp/$1" >"$tmp/off"
    [ ! -s "$tmp/off" ] || fail "$1, row $2 is $(cat "$tmp/off")"
}
row tanks-train.csv 1 0 1.243007 5.007904
row tanks-train.csv 100 396 1.375447 2.953286
row tanks-train.csv 1000 3996 2.214376 9.920253
row tanks-test.csv 1 0 3.82497 5.012308
row tanks-test.csv 100 396 2.979283 8.431932
row tanks-test.csv 1000 3996 4.518967 6.080466
row silverbox-train.csv 1 0 0.0177146 -8.31303e-05
row silverbox-train.csv 100 0.1622016 -0.0618613 -0.1505109
row silverbox-train.csv 1000 1.636762 0.03642222 -0.01180871
row silverbox-test.csv 1 0 3.012381e-06 -0.0002185073
row silverbox-test.csv 100 0.1622016 -0.003555963 -0.005003214
row silverbox-test.csv 1000 1.636762 0.02304146 0.02146816
row bouc_wen-train.csv 1 0 -42.99235 -0.001760195
row bouc_wen-train.csv 100 0.132 -3.226537 0.8359486
row bouc_wen-train.csv 1000 1.332 -23.41226 -0.1605295
row bouc_wen-test.csv 1 0 108.5058 0
row bouc_wen-test.csv 100 0.132 77.1443 -0.6476346
row bouc_wen-test.csv 1000 1.332 41.84447 0.02822006

rms() { # FILE: of u
    awk -F, 'NR > 1 { s += $2 * $2 } END { printf "%.4g", sqrt(s / (NR - 1)) }' "$tmp/$1"
}
[ "$(rms bouc_wen-train.csv) $(rms bouc_wen-test.csv)" = "50 50" ] || fail "the Bouc-Wen oscillator is not driven by 50 N"
# At the top of the tank water stands still: many levels are 10 but for the noise, none is above.
full=$(awk -F, 'NR > 1 && $3 > 9.9 { n++ } $3 > 10.2 && NR > 1 { n += 1e6 } END { print n + 0 }' "$tmp/tanks-train.csv")
[ "$full" -gt 20 ] && [ "$full" -lt 500 ] || fail "the lower tank is full $full times"
[ "$(wc -l <"$tmp/tanks-test.csv") $(wc -l <"$tmp/silverbox-test.csv")" = "1025 2049" ] || fail "records have other lengths"

# Models learn: the fit of what they have not seen, by 100 passes or so.
learns() { # MODEL RECORD PERCENT WORD...
    model=$1 name=$2 least=$3
    shift 3
    "$TAPELESS" train models/$model.lua --data "$tmp/$name-train.csv" --valid-data "$tmp/$name-test.csv" -c "$tmp/$model" --overwrite -q \
        --fit --log "$tmp/log.csv" "$@" >"$tmp/out" 2>"$tmp/err" || fail "$model on $name: $(cat "$tmp/err")"
    got=$(sed -n 's/^fit of y .*, fit \(.*\) %$/\1/p' "$tmp/out")
    awk -v x="$got" -v least="$least" 'BEGIN { exit !(x > least) }' || fail "$model on $name: fit $got %"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "loss") c = i; next } NR < 22 { early += $c } { last[NR % 20] = $c }
        END { for (i in last) late += last[i]; exit !(NR > 100 && late < early / 2) }' "$tmp/log.csv" || fail "$model on $name: the loss does not fall"
}
learns tanks tanks 95 --epochs 200
learns state_space tanks 70 --epochs 200
learns narx bouc_wen 70 --epochs 150
learns state_space silverbox 50 --epochs 150
learns lru tanks 70 --epochs 60
learns mingru tanks 50 --epochs 60

# A benchmark's own file: records side by side, the shorter one ends earlier.
printf '"uEst","uVal","yEst","yVal","Ts",\r\n1,2,3,4,4,\r\n5,6,7,8,,\r\n9,,1e1,,,\r\n' >"$tmp/own.csv"
luajit models/data/record.lua "$tmp/own.csv" "$tmp/a.csv" u=uEst y=yEst >/dev/null || fail "record.lua"
luajit models/data/record.lua "$tmp/own.csv" "$tmp/b.csv" u=uVal y=yVal from=2 ts=0.5 >/dev/null || fail "record.lua from=2"
[ "$(tr '\n' ' ' <"$tmp/a.csv")" = "t,u,y 0,1,3 4,5,7 8,9,1e1 " ] || fail "u=uEst is $(cat "$tmp/a.csv")"
[ "$(tr '\n' ' ' <"$tmp/b.csv")" = "t,u,y 0,6,8 " ] || fail "u=uVal is $(cat "$tmp/b.csv")"
luajit models/data/record.lua "$tmp/own.csv" "$tmp/n.csv" u=uEst y=yVal >/dev/null 2>"$tmp/err" && fail "half a row is taken"
grep -q "row 3 has u = '9', y = ''" "$tmp/err" || fail "half a row: $(cat "$tmp/err")"
luajit models/data/record.lua "$tmp/own.csv" "$tmp/n.csv" u=in y=yVal >/dev/null 2>"$tmp/err" && fail "no column is taken"
[ ! -e "$tmp/n.csv" ] || fail "a record was written of what could not be read"
finish
