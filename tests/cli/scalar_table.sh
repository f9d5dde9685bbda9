# The four rows of docs/semantics.md's example on paper, by both engines, to the 9 digits after the point
# that stand there. The spec is the page's own. The gradient of x_t with respect to w is also its norm.
. tests/cli/common.sh
. tests/cli/common_page.sh
page=docs/semantics.md
specs $page "$tmp"

row() { # OVERLAP LR EXPECTED...
    overlap=$1 lr=$2
    shift 2
    for engine in generated interpreter; do
        rm -f "$tmp/log"
        "$TAPELESS" train "$tmp/scalar.lua" -D overlap="$overlap" --lr "$lr" --precision f64 --engine $engine --steps 5 \
            --quiet --overwrite --checkpoint "$tmp/c" --log "$tmp/log" >/dev/null
        got=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "grad_norm") c = i }
                       NR > 1 { printf "%s%.9f", (NR > 2 ? " " : ""), $c }' "$tmp/log")
        [ "$got" = "$*" ] || fail "$overlap, lr $lr, $engine: $got, not $*"
    done
    case $lr in 0) label="\`--lr 0\`" ;; *) label="\`--lr $lr\`, \`\"$overlap\"\`" ;; esac
    awk -F' *[|] *' -v label="$label" -v want="$*" '
        $2 == label { for (i = 3; i < NF; i++) got = got (i > 3 ? " " : "") sprintf("%.9f", $i); found = got == want }
        END { exit !found }' $page || fail "$page has another row $label"
}
row recompute 0 0.900000000 0.360000000 0.108000000 0.021600000 0.004320000
row recompute 0.1 0.900000000 0.198000000 0.021967308 0.001886114 0.000165273
row retain 0.1 0.900000000 0.279000000 0.040644369 0.004266803 0.000372271
row versions 0.1 0.900000000 0.279000000 0.042705900 0.004316765 0.000371606
finish
