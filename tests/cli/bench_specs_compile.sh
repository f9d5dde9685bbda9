# bench/models: every spec compiles, those of workloads with vectors and with tokens, one layer and two; and every row of workloads.txt
# names one that there is.
. tests/cli/common.sh

for spec in bench/models/*.lua; do
    case $spec in */frame.lua) continue ;; esac
    "$TAPELESS" compile "$spec" -o "$tmp/c" || fail "$spec"
    case $spec in */pyrenn.lua) continue ;; esac # of a fit
    "$TAPELESS" compile "$spec" -o "$tmp/c" -p f64 -D vocab=10 -D output=10 -D layers=2 -D k1=1 -D k2=3 -D batch=2 ||
        fail "$spec with tokens"
done
for model in $(awk '!/^#/ && NF { print $2 }' bench/workloads.txt); do
    [ -e "bench/models/$model.lua" ] || [ -e "models/$model.lua" ] || fail "workloads.txt: there is no model $model"
done
finish
