# learn = "diagonal": what no other element of a state moves has sensitivities as large as the parameters; what several
# elements read has a direction an element; rtrl has one for each element of each parameter.
. tests/cli/common.sh
spec=tests/ops/diagonal.lua

shape() { # SENSITIVITY OPTIONS...: its shape
    name=$1
    shift
    "$TAPELESS" show $spec "$@" | sed -n "s/.* sensitivity\.$name  *{\(.*\)}.*/\1/p"
}
is() { # SHAPE SENSITIVITY OPTIONS...
    want=$1
    shift
    got=$(shape "$@")
    [ "$got" = "$want" ] || fail "$*: {$got}, not {$want}"
}

is "6, 4" h.W              # two gates, three columns
is "2, 4" h.b
is "3, 4" q.shared
is "1, 4" q.decay
is "1, 4" q.init.q
is "1, 4" q.all -D dense=true # a scalar that every element reads
is "4, 24" h.W --learn rtrl # elements of the state first: products fill vectors
is "4, 8" h.b --learn rtrl
[ -z "$(shape q.W)" ] || fail "W has never moved q"
"$TAPELESS" diff $spec -p f64 -D dense=true >"$tmp/out" || fail "$(cat "$tmp/out")"
"$TAPELESS" check $spec -D dense=true >"$tmp/out" || fail "$(cat "$tmp/out")"
finish
