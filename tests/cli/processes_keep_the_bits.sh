# A training that mpirun starts in 1, 2 and 4 processes ends in the bits of one process of the same shards, logs and
# reports the same, and goes on in another number of them; what one cannot do ends all, with a sentence. Without MPI
# there is nothing to run, and only the sentences that say so are looked at.
. tests/cli/common.sh
make_text "$tmp/text"
if [ -z "${OPTIMISE:-}" ]; then
    REAL_CC="${CC:-cc}" OPTIMISE=-O1 CC="sh $PWD/tests/random/cc.sh"
    export REAL_CC OPTIMISE CC
fi
cat >"$tmp/cell.lua" <<'LUA'
-- An LSTM with dropout in front of a head, and a learned start.
local o = options { k1 = 6, k2 = 6, overlap = "recompute", optimizer = "adam", carry = false }
local optimizers = { adam = adam { lr = 1e-2, weight_decay = 0.01 }, sgd = sgd { lr = 3e-2, momentum = 0.9 } }
return model {
  input  = real(2),
  target = real(1),
  params = { rnn = nn.lstm(2, 5), head = nn.linear(5, 1) },
  state  = { mean = learned { 5 } },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    local mean = probe("mean", 0.9 * s.mean + 0.1 * h)
    return p.head(dropout(mean, 0.3)), { rnn = rnn, mean = mean }
  end,
  loss   = function(y, target) return { fit = mse(y, target), small = 0.01 * mean(square(y)) } end,
  tbptt  = { k1 = o.k1, k2 = o.k2, batch = 12, overlap = o.overlap, carry = o.carry,
             resets = true, masks = true },
  train  = { optimizer = optimizers[o.optimizer], clip_norm = 0.5 },
}
LUA
# Sequences of unequal length: resets inside of windows, padding at the ends of lanes. And one that has no end.
awk 'BEGIN { print "id,a,b,y"; for (s = 1; s <= 30; s++) for (t = 1; t <= 9 + (s * 7) % 13; t++)
    printf "%d,%.3f,%.3f,%.3f\n", s, sin(t * s), cos(t + s), sin(t * s / 3) }' >"$tmp/data.csv"
csv="--data $tmp/data.csv --sequence id --valid 0.2 --valid-every 7"
flat="--data $tmp/data.csv --input a,b --target y"

build() { # NAME options...: its trainer becomes $tmp/NAME/cell
    name=$1
    shift
    "$TAPELESS" build "$tmp/cell.lua" "$@" -o "$tmp/$name" >"$tmp/out" 2>&1 || { cat "$tmp/out"; fail "build $name"; exit 1; }
}

# ---- without MPI ----
mkdir -p "$tmp/home/lib/tapeless" "$tmp/home/include"
ln -s "$BUILD/libtapeless.a" "$tmp/home/lib/tapeless/libtapeless.a"
ln -s "$PWD/runtime/tapeless" "$tmp/home/include/tapeless"
TAPELESS_HOME="$tmp/home" build alone --shards 4
in_launcher() { # RANK command...: as if one of two were started
    rank=$1
    shift
    env -u LD_LIBRARY_PATH OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK="$rank" "$@" >"$tmp/out" 2>"$tmp/err"
}
# shellcheck disable=SC2086 # options are several words
{
    in_launcher 0 "$tmp/alone/cell" train $csv --checkpoint "$tmp/x" && fail "a training without the module"
    grep -q '^cell: it was started as one of several processes, for which libtapeless_mpi.so is needed' "$tmp/err" ||
        fail "without the module it says: $(cat "$tmp/err")"
    [ ! -e "$tmp/x" ] || fail "a training has begun that is none"
    in_launcher 1 "$tmp/alone/cell" train $csv --checkpoint "$tmp/x" && fail "the other training without the module"
    [ ! -s "$tmp/err" ] || fail "it is said twice"
    in_launcher 0 "$tmp/alone/cell" eval $csv --checkpoint "$tmp/x" && fail "eval in two processes"
    grep -q '^cell: eval runs in one process, and was started in several' "$tmp/err" || fail "eval: $(cat "$tmp/err")"
    OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 "$tmp/alone/cell" train $flat --steps 1 --checkpoint "$tmp/x" --quiet >"$tmp/out" ||
        fail "one process of one needs no module"
    for rank in 0 1; do # of how many is not said: of one
        PMIX_RANK=$rank "$tmp/alone/cell" info >"$tmp/out" 2>"$tmp/err" || fail "PMIX_RANK=$rank, info: $(cat "$tmp/err")"
        PMIX_RANK=$rank "$tmp/alone/cell" train $flat --steps 1 --checkpoint "$tmp/x" --overwrite --quiet >"$tmp/out" 2>"$tmp/err" ||
            fail "PMIX_RANK=$rank, train: $(cat "$tmp/err")"
    done
}

if ! command -v mpirun >/dev/null || [ ! -e "$BUILD/libtapeless_mpi.so" ]; then
    [ "$failures" = 0 ] || exit 1
    echo "skipped: there is no mpirun, or tapeless was built without MPI"
    exit 77
fi

# As root, with more processes than processors, without a network, and without what containers forbid.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_plm=isolated OMPI_MCA_btl=self,vader OMPI_MCA_btl_vader_single_copy_mechanism=none
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_hwloc_base_binding_policy=none
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # MPI's own

tensors_of() {
    tail -c +$(($(od -An -tu8 -N8 "$1") + 9)) "$1"
}

same() { # CHECKPOINT CHECKPOINT
    tensors_of "$1" >"$tmp/a"
    tensors_of "$2" | cmp -s - "$tmp/a"
}

report_of() {
    grep -v '"seconds"\|"updates_per_second"\|"peak_memory_kib"\|"checkpoint"' "$1"
}

# TRAINER PROCESSES CHECKPOINT options...; 0 processes: without mpirun
train() {
    trainer=$1 n=$2 checkpoint=$3
    shift 3
    status=0
    # shellcheck disable=SC2046
    timeout 60 $([ "$n" = 0 ] || echo mpirun -n "$n") "$tmp/$trainer/cell" train "$@" --checkpoint "$checkpoint" \
        --log "$checkpoint.log" --quiet --json >"$checkpoint.out" 2>"$tmp/err" || status=$?
    [ $status = 0 ] || { cat "$tmp/err"; fail "training failed with status $status: $trainer in $n: $*"; }
}

keeps_bits() { # TRAINER "PROCESSES..." options...
    name=$1 counts=$2
    shift 2
    train "$name" 0 "$tmp/$name-0" "$@" --overwrite
    for count in $counts; do
        train "$name" "$count" "$tmp/$name-n" "$@" --overwrite
        same "$tmp/$name-0" "$tmp/$name-n" || fail "$name: $count processes end in other bits"
        cmp -s "$tmp/$name-0.log" "$tmp/$name-n.log" || fail "$name: $count processes log other numbers"
        [ "$(report_of "$tmp/$name-0.out")" = "$(report_of "$tmp/$name-n.out")" ] ||
            fail "$name: $count processes report other numbers: $(cat "$tmp/$name-0.out" "$tmp/$name-n.out")"
    done
}

# shellcheck disable=SC2086
{
    build four --shards 4
    keeps_bits four "1 2 4" $csv --epochs 3 --best "$tmp/best"
    keeps_bits four 2 $csv --epochs 6 --threads 2 --set train.accumulate=3 --set train.schedule=reduce_on_plateau \
        --set train.schedule.patience=0 --set train.average=0.9
    build six --shards 6 -D optimizer=sgd -p f64
    keeps_bits six "2 3" $csv --epochs 3
    build carried --shards 4 -D optimizer=sgd -D carry=true
    keeps_bits carried 2 $flat --epochs 4
    build versions --shards 2 -D k1=2 -D overlap=versions
    keeps_bits versions 2 $csv --epochs 2 --probe mean --probe-out "$tmp/p.npy"

    # From one process to two, to four, and back.
    train four 0 "$tmp/whole" $csv --steps 20 --overwrite
    train four 0 "$tmp/parts" $csv --steps 5 --overwrite
    for pair in 2:11 4:15 0:20; do
        train four ${pair%:*} "$tmp/parts" $csv --steps ${pair#*:} --resume
    done
    same "$tmp/whole" "$tmp/parts" || fail "resumed in other processes it ended elsewhere"
    cmp -s "$tmp/whole.log" "$tmp/parts.log" || fail "the log of the resumed training is another"

    # By the interpreter, which the program tapeless runs itself.
    for n in 0 2; do
        $([ $n = 0 ] || echo timeout 60 mpirun -n $n) "$TAPELESS" train "$tmp/cell.lua" --shards 2 --engine interpreter $csv --steps 5 \
            --checkpoint "$tmp/i-$n" --quiet >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/err"; fail "the interpreter in $n processes"; }
    done
    same "$tmp/i-0" "$tmp/i-2" || fail "the interpreter in processes makes other bits"
}

# ---- what ends all of them ----
refused() { # STATUS WORDS mpirun's arguments...
    want=$1 words=$2 status=0
    shift 2
    # What mpirun gives others when one has gone: they have, too.
    timeout 60 mpirun --mca odls_base_sigkill_timeout 0 "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = "$want" ] || fail "status $status, not $want: $*"
    [ "$(grep -c "^cell.*: $words" "$tmp/err")" = 1 ] || fail "not once is said '$words': $(cat "$tmp/err")"
}
cell=$tmp/four/cell
# shellcheck disable=SC2086
{
    refused 2 "3 processes cannot share its 4 shards evenly; tapeless train SPEC --shards 6," -n 3 "$cell" train $csv --checkpoint "$tmp/new"
    refused 2 "5 processes cannot share its batch of 12 evenly" -n 5 "$cell" train $csv --checkpoint "$tmp/new"
    refused 2 "there is no option --stepps" -n 2 "$cell" train $csv --stepps 3
    refused 2 ".*: a checkpoint exists" -n 2 "$cell" train $csv --checkpoint "$tmp/whole"
    refused 2 "in process 2 of 2: $tmp/none.csv: No such file" -n 1 "$cell" train $csv --checkpoint "$tmp/new" : \
        -n 1 "$cell" train --data "$tmp/none.csv"
    # Files of one name, on two machines.
    mkdir "$tmp/here" "$tmp/there"
    cp "$tmp/data.csv" "$tmp/here/d.csv"
    sed 's/^1,0.841,/1,0.842,/' "$tmp/data.csv" >"$tmp/there/d.csv"
    cp "$tmp/parts" "$tmp/here/c"
    train four 0 "$tmp/there/c" $csv --steps 19 --overwrite
    two="train --data d.csv --sequence id --valid 0.2 --checkpoint c"
    refused 2 "in process 2 of 2: the data are others than process 1's" -wdir "$tmp/here" -n 1 "$cell" $two --overwrite : \
        -wdir "$tmp/there" -n 1 "$cell" $two --overwrite
    cp "$tmp/here/d.csv" "$tmp/there/d.csv"
    refused 2 "in process 2 of 2: the training is another than process 1's" -wdir "$tmp/here" -n 1 "$cell" $two --resume : \
        -wdir "$tmp/there" -n 1 "$cell" $two --resume
    # What one alone is told to do it would do alone, and wait for the other.
    all="$csv --checkpoint $tmp/new --steps 20"
    for told in "--lr 0.5" "--best $tmp/new" "--anomaly" "--probe mean --probe-out $tmp/new.npy"; do
        name=${told%% *}
        refused 2 "in process 2 of 2: $name is not as process 1 has it" -n 1 "$cell" train $all : -n 1 "$cell" train $all $told
    done
    refused 1 "update [0-9]*: the " -n 2 "$cell" train $csv --optimizer sgd --lr 1e9 --clip-norm 0 --epochs 100000 --checkpoint "$tmp/far"
    # The file cannot grow to what rank 0 saves: all end.
}
[ ! -e "$tmp/new" ] || fail "a refused training has begun"

# In the background, in two processes; the ids are those of mpirun and of the second one. (timeout would send a signal to
# mpirun twice, and that ends at once then.)
run=$tmp/r/run
begin() { # options...
    rm -rf "$tmp/r" "$tmp/ids"
    mkdir "$tmp/r" "$tmp/ids"
    # shellcheck disable=SC2016,SC2086
    timeout 60 sh -c 'echo $$ >"$0/first"; exec mpirun "$@"' "$tmp/ids" --mca odls_base_sigkill_timeout $patience -n 1 "$cell" \
        train $csv --checkpoint "$run" --log "$run.log" --epochs 100000000 "$@" : \
        -n 1 sh -c 'echo $$ >"$0/second"; exec "$@"' "$tmp/ids" "$cell" \
        train $csv --checkpoint "$run" --log "$run.log" --epochs 100000000 "$@" \
        >"$tmp/out" 2>"$tmp/err" &
    running=$!
    waited=0
    while [ ! -s "$run" ] && [ $waited -lt 100 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    sleep 0.3
}

ended_with() { # STATUS WHAT
    status=0
    wait $running || status=$?
    [ $status = "$1" ] || fail "$2: it ends with $status, not $1: $(cat "$tmp/err")"
}

ended_whole() { # the updates of the checkpoint and the rows of the log are one number
    updates=$(head -c 100000 "$run" | tr ',' '\n' | sed -n 's/.*"update":"\([0-9]*\)".*/\1/p' | head -1)
    rows=$(($(wc -l <"$run.log") - 1))
    [ "${updates:-0}" -gt 0 ] && [ "$updates" = "$rows" ] || fail "$1: the checkpoint has update $updates, the log $rows rows"
    [ "$(grep -c 'stopped after update' "$tmp/err")" = 1 ] || fail "$1: not once is said that it stopped: $(cat "$tmp/err")"
    [ "$(grep -c '^updates ' "$tmp/out")" = 1 ] || fail "$1: not one report: $(cat "$tmp/out")"
    [ "$(ls "$tmp/r")" = "$(printf 'run\nrun.log')" ] || fail "$1: there is left $(ls "$tmp/r")"
}

patience=2
begin
kill -TERM "$(cat "$tmp/ids/first")"
ended_with 1 "SIGTERM to mpirun" # its own status
ended_whole "SIGTERM to mpirun"
patience=0

begin
kill -TERM "$(cat "$tmp/ids/second")"
ended_with 143 "SIGTERM to one"
ended_whole "SIGTERM to one"

begin --save-updates 1
kill -KILL "$(cat "$tmp/ids/second")"
ended_with 137 "SIGKILL of one"
grep -q 'mpirun.*signal 9' "$tmp/err" || fail "nothing is said of the kill: $(cat "$tmp/err")"
# shellcheck disable=SC2086
train four 0 "$run" $csv --steps 1 --resume

begin --save-updates 1
mv "$tmp/r" "$tmp/gone" # at once: rm would meet what is being saved
ended_with 1 "a save that fails"
[ "$(grep -c "^cell: $run.*: No such file" "$tmp/err")" = 1 ] || fail "a save that fails: $(cat "$tmp/err")"
finish
