# An update that would make the weights infinite is not made, also where no later loss would see it: exit
# status 1, the element by its name, and the checkpoint holds the update before, bit for bit, whatever was
# saved when.
. tests/cli/common.sh
data=tests/faults/load.csv

tensors_of() {
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}

for fault in halt over; do
    status=0
    "$TAPELESS" train tests/faults/$fault.lua --data $data -c "$tmp/$fault" --best "$tmp/$fault.best" >"$tmp/said" 2>&1 || status=$?
    [ $status = 1 ] || fail "$fault: exit status $status"
    grep -q 'update 1: the parameter w\[0\] would become -inf (w\[0\] is 1, its gradient' "$tmp/said" || fail "$fault: $(cat "$tmp/said")"
    grep -q 'holds update 0' "$tmp/said" || fail "$fault does not say what the checkpoint holds"
    "$TAPELESS" eval tests/faults/$fault.lua --data $data -c "$tmp/$fault" >/dev/null || fail "$fault: the checkpoint does not load"
    [ ! -e "$tmp/$fault.best" ] || fail "$fault: there is a best of nothing"
done

# What diverges stops at some update N; with nothing saved on the way the file holds the last weights with which
# loss and gradient were finite: those before update N - 1, whose result gave an infinite loss; or before N, where
# it is the update itself that overflows.
cat >"$tmp/m.lua" <<'LUA'
local o = options { k1 = 2, k2 = 5, overlap = "recompute" }
return model {
  input = real(1), target = real(1),
  params = { u = param({ 1 }, 0.5), w = param({ 1 }, 1) }, state = { h = { 1 } },
  step = function(p, x, s) local h = tanh(p.u * s.h + x); return p.w * h, { h = h } end,
  loss = mse,
  tbptt = { k1 = o.k1, k2 = o.k2, batch = 2, overlap = o.overlap },
  train = { optimizer = sgd { lr = 20, momentum = 0.5 } },
}
LUA
for variant in "-D overlap=recompute" "-D overlap=retain" "-D overlap=versions" "-D k1=7 -D k2=3" "-D k1=3 -D k2=3"; do
    # shellcheck disable=SC2086 # $variant is several words
    "$TAPELESS" train "$tmp/m.lua" $variant --data $data --epochs 9 -c "$tmp/c" --overwrite --save-every 0 >"$tmp/said" 2>&1 &&
        fail "$variant: it did not diverge"
    n=$(sed -n 's/.*holds update \([0-9]*\), with which loss.*/\1/p' "$tmp/said")
    grep -q "update $((n + 2)): the \(loss\|gradient\)\|update $((n + 1)): .*would become" "$tmp/said" ||
        fail "$variant: what the file holds is not what it should: $(cat "$tmp/said")"
    [ "$n" -gt 3 ] || fail "$variant: too early to say anything: $n"
    # shellcheck disable=SC2086
    "$TAPELESS" train "$tmp/m.lua" $variant --data $data --steps "$n" -c "$tmp/d" --overwrite --quiet >/dev/null || fail "$variant: $n updates"
    tensors_of "$tmp/c" >"$tmp/a"
    tensors_of "$tmp/d" | cmp -s - "$tmp/a" || fail "$variant: the bits are not those of $n updates"
    # shellcheck disable=SC2086
    "$TAPELESS" train "$tmp/m.lua" $variant --data $data --steps $((n + 1)) -c "$tmp/c" --resume --lr 1e-3 --quiet >/dev/null ||
        fail "$variant: with a smaller learning rate it does not go on"
done
finish
