# `compile --casadi`: C99 and C++ that needs the runtime's headers alone, without warnings, writable data or allocation,
# and that exports nothing but what CasADi asks for; sentences for what cannot be; nothing of others is written over.
. tests/cli/common.sh
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion -Wcast-qual -Wundef -Werror"
of_c="-std=c99 -Wmissing-prototypes -Wstrict-prototypes -Wvla"
specs="models/elman.lua models/tanks.lua tests/casadi/operations.lua tests/casadi/images.lua"
for spec in $specs; do
    name=$(basename "$spec" .lua)
    "$TAPELESS" compile "$spec" --casadi --free-params -o "$tmp" || fail "compile $spec"
    # shellcheck disable=SC2086 # options are words
    {
        for cc in gcc clang; do
            $cc $of_c $warnings -fsyntax-only -Iruntime "$tmp/${name}_casadi.c" || fail "$cc, $name"
        done
        g++ -x c++ -std=c++17 $warnings -fsyntax-only -Iruntime "$tmp/${name}_casadi.c" || fail "g++, $name"
        gcc -std=c99 -O1 -fPIC -Iruntime -c "$tmp/${name}_casadi.c" -o "$tmp/$name.o"
    }
    nm -g --defined-only "$tmp/$name.o" | awk '{ print $3 }' >"$tmp/names"
    others=$(grep -vE "^(jac_|fwd1_|adj1_|jac_adj1_)?${name}(_[a-z_]*)?$" "$tmp/names") || true
    [ -z "$others" ] || fail "$name.o defines $others"
    [ "$(wc -l <"$tmp/names")" = 60 ] || fail "$name.o defines $(wc -l <"$tmp/names") names"
    data=$(size -A "$tmp/$name.o" | awk '$1 ~ /^\.(data|bss|tdata|tbss)$/ && $2 > 0 { print $1, $2 }')
    [ -z "$data" ] || fail "$name.o has data that can be written: $data"
    calls=$(nm -u "$tmp/$name.o" | awk '{ print $2 }' |
        grep -vxE 'sqrt|exp|log|pow|tanh|sin|cos|memcpy|memset|_GLOBAL_OFFSET_TABLE_') || true
    [ -z "$calls" ] || fail "$name.o calls $calls"
done

# The same bytes again, and for -p f64.
cp "$tmp/elman_casadi.c" "$tmp/first.c"
"$TAPELESS" compile models/elman.lua --casadi --free-params -p f64 -o "$tmp" || fail "-p f64"
cmp "$tmp/first.c" "$tmp/elman_casadi.c" || fail "the C differs from run to run"

# Second derivatives by thousands of parameters are left out, and nothing else.
"$TAPELESS" compile models/lstm.lua -D input=1 --casadi --free-params -o "$tmp" || fail "many parameters"
grep -q '^int adj1_lstm(' "$tmp/lstm_casadi.c" || fail "there is no reverse mode of many parameters"
! grep -q '^int jac_adj1_lstm(' "$tmp/lstm_casadi.c" || fail "second derivatives by 4385 parameters"
"$TAPELESS" compile models/lstm.lua -D input=1 -D hidden=20 --casadi --free-params -o "$tmp" || fail "some parameters"
grep -q '^int jac_adj1_lstm(' "$tmp/lstm_casadi.c" || fail "no second derivatives by 1781 parameters"

wrong() { # WORDS OPTION...: a command that ends with 2 and says WORDS
    words=$1
    shift
    status=0
    "$TAPELESS" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = 2 ] || fail "$*: status $status"
    grep -qF -e "$words" "$tmp/err" || fail "$*: it says $(cat "$tmp/err"), not '$words'"
}
wrong "which parameters?" compile models/elman.lua --casadi -o "$tmp/new"
wrong "--params is of --casadi" compile models/elman.lua --params x -o "$tmp/new"
wrong "--free-params is of --casadi" build models/elman.lua --free-params -o "$tmp/new"
wrong "--model-units is of --casadi" build models/elman.lua --model-units -o "$tmp/new"
wrong "double precision" compile models/elman.lua --casadi --free-params -p f32 -o "$tmp/new"
wrong "leave it out" compile models/elman.lua --casadi --free-params -d spec -o "$tmp/new"
wrong "real numbers alone" compile models/charlstm.lua --casadi --free-params -o "$tmp/new"
wrong "looks at a whole window" compile models/lstm_cnn.lua --casadi --free-params -o "$tmp/new"
wrong "none.safetensors" compile models/elman.lua --casadi --params none.safetensors -o "$tmp/new"
cp models/elman.lua "$tmp/tanh.lua"
wrong "rename the file" compile "$tmp/tanh.lua" --casadi --free-params -o "$tmp/new"
cp models/elman.lua "$tmp/my__net.lua"
wrong "two underscores" compile "$tmp/my__net.lua" --casadi --free-params -o "$tmp/new"
"$TAPELESS" jacobian models/tanks.lua -n 3 -o "$tmp/other.safetensors" >"$tmp/out" 2>"$tmp/err" || fail "jacobian"
wrong "other.safetensors" compile models/elman.lua --casadi --params "$tmp/other.safetensors" -o "$tmp/new"
[ ! -e "$tmp/new" ] || fail "a command that was refused wrote"

mkdir "$tmp/mine"
echo "mine" >"$tmp/mine/elman_casadi.c"
wrong "was not written by tapeless" compile models/elman.lua --casadi --free-params -o "$tmp/mine"
rm "$tmp/mine/elman_casadi.c"
echo "mine" >"$tmp/mine/libelman_casadi.so"
wrong "was not written by tapeless" build models/elman.lua --casadi --free-params -o "$tmp/mine"
[ "$(cat "$tmp/mine/libelman_casadi.so")" = mine ] || fail "a library of somebody else's is lost"
finish
