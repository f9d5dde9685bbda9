# ThreadSanitizer sees no race in trainings by three threads: overlapping windows that keep steps, dropout, resets,
# padding, validation, a checkpoint on the way; nor in scoring and predicting. The runtime and the generated C are built
# with it. Before, a race made on purpose is seen: that what is built can see one.
. tests/cli/common.sh
cc=${CC:-cc}
run="setarch -R" # with the kernel's full randomisation of addresses older libraries find their shadow taken
$run true 2>/dev/null || run=
cat >"$tmp/race.c" <<'C'
#include <pthread.h>
static volatile int n;
static void *add(void *p)
{
    for (int i = 0; i < 100000; i++) /* of a single one each, one may not be seen */
        n++;
    return p;
}
int main(void)
{
    pthread_t t;
    if (pthread_create(&t, NULL, add, NULL))
        return 0;
    add(NULL);
    pthread_join(t, NULL);
    return 0;
}
C
if ! $cc -fsanitize=thread -g "$tmp/race.c" -o "$tmp/race" 2>"$tmp/err"; then
    echo "skipped: no ThreadSanitizer here: $(head -1 "$tmp/err")"
    exit 0
fi
$run "$tmp/race" >"$tmp/out" 2>&1 && { cat "$tmp/out"; fail "a race is not seen"; }
grep -q 'data race' "$tmp/out" || { cat "$tmp/out"; fail "a race is not seen"; }

cat >"$tmp/cell.lua" <<'LUA'
return model {
  input  = real(2),
  target = real(1),
  params = { rnn = nn.gru(2, 5), head = nn.linear(5, 1) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(dropout(probe("h", h), 0.3)), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 2, k2 = 6, batch = 6, shards = 3, overlap = "versions", resets = true, masks = true },
  train  = { optimizer = adam { lr = 1e-2 }, clip_norm = 0.5 },
}
LUA
awk 'BEGIN { print "id,a,b,y"; for (s = 1; s <= 18; s++) for (t = 1; t <= 9 + (s * 7) % 13; t++)
    printf "%d,%.3f,%.3f,%.3f\n", s, sin(t * s), cos(t + s), sin(t * s / 3) }' >"$tmp/data.csv"
"$TAPELESS" compile "$tmp/cell.lua" -o "$tmp"
flags="-fsanitize=thread -g -O1 -D_GNU_SOURCE -DTAPELESS_SANITIZED -w -I runtime $(pkg-config --cflags openblas)"
mkdir "$tmp/o"
for source in $(ls runtime/*/*.c | grep -v ^runtime/mpi/) "$tmp/cell.c" "$tmp/cell_main.c"; do
    echo "$source"
done | xargs -P 2 -I {} sh -c "$cc $flags -iquote runtime/tapeless -c {} -o $tmp/o/\$(basename {} .c).o" || fail "it does not build"
$cc -fsanitize=thread "$tmp"/o/*.o -o "$tmp/cell" -ljansson -lcsv -lxxhash -lz -ldl -lm || fail "it does not link"

cd "$tmp"
for command in "train --data data.csv --sequence id --valid 0.2 --valid-every 5 --steps 25 --save-updates 7 --quiet" \
    "train --data data.csv --sequence id --valid 0.2 --steps 31 --resume --quiet" "eval --data data.csv" \
    "eval --data data.csv --lanes 6" "predict --data data.csv" "bench --seconds 0.05"; do
    # shellcheck disable=SC2086 # options are several words
    TSAN_OPTIONS=exitcode=66 $run ./cell $command --threads 3 >out 2>err || { tail -40 err; fail "cell $command"; }
    grep -q 'WARNING: ThreadSanitizer' err && fail "cell $command"
done
finish
