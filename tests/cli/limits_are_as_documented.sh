# The table of limits in docs/language.md: at the limit a spec is taken, beyond it it is refused with the number that
# stands there.
. tests/cli/common.sh

limit() { # WHAT: the number in the row of the table that begins so
    n=$(sed -n "s/^| \([0-9]*\) | $1.*/\1/p" docs/language.md)
    [ -n "$n" ] || fail "docs/language.md has no limit of $1"
    echo "${n:-1}"
}

# A spec whose tables are made by Lua: INPUT TARGET PARAMS STATE OUTPUT TBPTT, and statements before it.
spec() { # BEFORE NAME=LUA...
    before=$1 input='real(1)' target=nil params='{ w = { 1 } }' state=nil step='return p.w * x' loss='function(y) return sum(y) end'
    tbptt='{ k1 = 1, k2 = 1 }'
    shift
    for given in "$@"; do
        name=${given%%=*}
        value=${given#*=}
        eval "$name=\$value"
    done
    cat >"$tmp/net.lua" <<LUA
local function many(n, f) local t = {} for i = 1, n do t["n" .. i] = f end return t end
$before
return model {
  input = $input, target = $target, params = $params, state = $state,
  step = function(p, x, s) $step end, loss = $loss, tbptt = $tbptt,
}
LUA
}

taken() { # WHAT
    "$TAPELESS" show "$tmp/net.lua" --dot >"$tmp/out" 2>"$tmp/err" || fail "$1 is refused: $(cat "$tmp/err")"
}

refused() { # WHAT, NUMBER: the sentence has it
    status=0
    "$TAPELESS" show "$tmp/net.lua" --dot >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = 2 ] || fail "$1: exit status $status"
    tr -d , <"$tmp/err" | grep -qE "(^|[^0-9])$2([^0-9]|$)" || fail "$1: '$(cat "$tmp/err")' does not say $2"
}

# MAKE is a function of a number that writes the spec.
both() { # WHAT, NUMBER, MAKE
    $3 "$2"
    taken "$2: $1"
    $3 $(($2 + 1))
    refused "$(($2 + 1)): $1" "$2"
}

params() { spec "" "params=many($1, { 1 })" "step=return p.n1 * x"; }
states() { spec "" "state=many($1, { 1 })" "step=return p.w * x, s"; }
n=$(limit parameters)
both parameters "$n" params
both states "$n" states

inputs() { spec "" "input=many($1, real(1))" "step=return p.w * x.n1"; }
targets() { spec "" "target=many($1, real(1))"; }
outputs() { spec "" "step=return many($1, p.w * x)" "loss=function(y) return sum(y.n1) end"; }
probes() { spec "" "step=for i = 1, $1 do x = probe('n' .. i, x + 1) end return p.w * x"; }
options() { spec "options(many($1, 1))"; }
n=$(limit inputs)
for what in inputs targets outputs probes options; do
    both $what "$n" $what
done

dims() { spec "" "params={ w = { $(yes 1 | head -n "$1" | tr '\n' ',') } }" "step=return sum(p.w) * x"; }
both dimensions "$(limit dimensions)" dims
elements() { spec "" "params={ w = { 1 }, v = { $1 } }"; }
both elements "$(limit elements)" elements
tokens() { spec "" "input=token($1)" "step=return p.w"; }
both tokens "$(limit "values of a token")" tokens
numbers() { spec "local t = {} for i = 1, $1 do t[i] = i end" "step=return sum(const(t)) * p.w * x"; }
both "numbers in const" "$(limit numbers)" numbers
operations() { spec "" "step=local y = p.w for i = 1, $1 do y = y * x end return y"; }
n=$(limit operations)
operations "$n"
refused "operations" "$n"
operations $((n - 10)) # and the loss
taken "$((n - 10)) operations"
for field in k1 k2 batch; do
    n=$(limit k1)
    spec "" "tbptt={ k1 = 1, k2 = 1, $field = $((n + 1)) }"
    refused "$field" "$n"
    spec "" "tbptt={ k1 = 1, k2 = 1, $field = $n }"
    taken "$field = $n"
    status=0
    "$TAPELESS" show "$tmp/net.lua" --$field $((n + 1)) >"$tmp/out" 2>"$tmp/err" || status=$?
    [ "$status" = 2 ] && grep -q "from 1 to $n" "$tmp/err" || fail "--$field $((n + 1)): $(cat "$tmp/err")"
done
name() { spec "" "params={ w = { 1 }, [('a'):rep($1)] = { 1 } }"; }
both "letters of a name" "$(limit "letters of a name")" name
text() { spec "options { o = ('a'):rep($1) }"; }
both "letters of an option's text" "$(limit "letters of an option")" text

# Files: the spec is one of them.
n=$(limit "files of a spec")
mkdir "$tmp/lib"
i=1
while [ $i -le "$n" ]; do
    echo "return $i" >"$tmp/lib/f$i.lua"
    i=$((i + 1))
done
files() { spec "for i = 1, $(($1 - 1)) do require('lib.f' .. i) end"; }
both "files" "$n" files
bytes=$(sed -n 's/.*files of a spec, each \([0-9]*\) bytes.*/\1/p' docs/language.md)
size() { # BYTES
    spec ""
    printf '%s' '-- ' >>"$tmp/net.lua"
    head -c $(($1 - $(wc -c <"$tmp/net.lua"))) /dev/zero | tr '\0' 'x' >>"$tmp/net.lua"
}
both "bytes of a spec" "$bytes" size

# What the text above the table says is tested by tests/hostile.
grep -q "200 million instructions of Lua, 5 seconds of processor time" docs/language.md || fail "the text above the table"
finish
