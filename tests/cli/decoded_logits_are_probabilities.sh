# NAME_decode makes of what bce and cross_entropy took the probabilities that `tapeless predict` prints: in floating point with and
# without <math.h>, and in fixed point to a unit of 15 bits.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export PATH="$(dirname "$TAPELESS"):$PATH"
cd "$tmp" || exit 1
cat >both.lua <<'LUA'
return model {
  input  = { u = real(1) },
  target = { alarm = real(1), kind = token(3) },
  params = { rnn = nn.gru(1, 6), alarm = nn.linear(6, 1), kind = nn.linear(6, 3) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x.u, s.rnn)
    return { alarm = p.alarm(h), kind = p.kind(h) }, { rnn = rnn }
  end,
  loss   = function(y, t) return bce(y.alarm, t.alarm) + cross_entropy(y.kind, t.kind) end,
  tbptt  = { k1 = 4, k2 = 8 },
  train  = { optimizer = adam { lr = 0.02 } },
}
LUA
awk 'BEGIN { print "u,alarm,kind"; for (i = 0; i < 300; i++) { u = sin(i / 4) + sin(i / 11); printf "%.4f,%d,%d\n", u, (u > 0.5), (u < -0.5 ? 0 : u > 0.7 ? 2 : 1) } }' >d.csv
tapeless train both.lua --data d.csv --epochs 20 --engine interpreter -c both.st >out 2>&1 || fail "train: $(tail -3 out)"
cat >main.c <<'C'
#include <stdio.h>
#include "both_weights.h"
#ifdef FIXED
#define WEIGHTS
#else
#define WEIGHTS , both_weights
#endif
static both_predictor p;
int main(void)
{
    both_start(&p WEIGHTS);
    for (both_input x; scanf("%f", x.u) == 1;) {
        both_output y;
        both_encode(&x);
        both_predict(&p WEIGHTS, &x, &y);
        both_decode(&y);
        printf("%.6f %.6f %d\n", (double)y.alarm[0], (double)(y.kind[0] + y.kind[1] + y.kind[2]),
               y.kind[1] > y.kind[0] ? (y.kind[2] > y.kind[1] ? 2 : 1) : y.kind[2] > y.kind[0] ? 2 : 0);
    }
    return 0;
}
C
agrees() { # TOLERANCE PREDICT-OPTIONS -- COMPILE-OPTIONS
    tolerance=$1
    shift
    rm -rf c want.csv
    options=
    while [ "$1" != -- ]; do options="$options $1"; shift; done
    shift
    defines=
    case $* in *quantise*) defines=-DFIXED ;; esac
    # shellcheck disable=SC2086
    tapeless predict both.lua -c both.st --data d.csv -o want.csv $options >out 2>&1 || { fail "predict $options: $(cat out)"; return; }
    tapeless compile both.lua --single-file --params both.st -o c "$@" >out 2>&1 || { fail "compile $*: $(cat out)"; return; }
    for how in "cc -std=c99" "g++ -std=c++17 -x c++"; do
        # shellcheck disable=SC2086
        $how $defines -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion -Werror -Ic main.c c/both.c -o main -lm || { fail "$*: $how"; return; }
        tail -n +2 d.csv | cut -d, -f1 | ./main >got
        tail -n +2 want.csv | paste -d' ' - got | tr ',' ' ' | awk -v t="$tolerance" -v a="$a" -v k="$k" '
            { d = $a - $(NF - 2); if (d < 0) d = -d; s = $(NF - 1) - 1; if (!(d <= t) || !(s * s <= t * t)) bad++; other += ($k != $NF) }
            END { exit bad || other > 3 || NR != 300 }' || fail "$* ($how): $(head -3 want.csv got)"
    done
}
tapeless predict both.lua -c both.st --data d.csv -o want.csv >out 2>&1 || fail "predict: $(cat out)"
a=$(head -1 want.csv | tr ',' '\n' | grep -n alarm | head -1 | cut -d: -f1) k=$(head -1 want.csv | tr ',' '\n' | grep -n kind | head -1 | cut -d: -f1)
[ -n "$a" ] && [ -n "$k" ] || fail "predict prints $(head -1 want.csv)"
agrees 2e-6 -- --no-blas
agrees 2e-6 -- --no-blas --no-libm
agrees 1e-4 --quantised int16 -- --quantise int16 --calibrate d.csv
agrees 1e-4 --quantised int8 -- --quantise int8 --calibrate d.csv
finish
