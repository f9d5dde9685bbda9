# --group and --freeze are what the spec's own options of these parameters would be: the same C. What is frozen keeps its bits, also
# where the training is resumed without a word, and until it is freed; a pattern that matches nothing lists the names.
. tests/cli/common.sh
cat >"$tmp/net.lua" <<'LUA'
return model {
  input  = real(2),
  target = real(1),
  params = { rnn = nn.gru(2, 5), head = nn.linear(5, 1), gain = param({ 1 }, 1, { lr = 0.5 }) },
  state  = { mean = learned { 5 } },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    local mean = 0.9 * s.mean + 0.1 * h
    return p.gain * p.head(mean), { rnn = rnn, mean = mean }
  end,
  loss   = mse,
  tbptt  = { k1 = 4, k2 = 8, batch = 2 },
  train  = { optimizer = adamw { lr = 1e-2, weight_decay = 0.1 } },
}
LUA
mkdir "$tmp/said"
sed -e 's/nn.gru(2, 5)/param(nn.gru(2, 5), { lr = 0.1, weight_decay = 0 })/' -e 's/nn.linear(5, 1)/param(nn.linear(5, 1), { trainable = false })/' \
    -e 's/lr = 0.5 }/lr = 0.125, weight_decay = 3 }/' -e 's/learned { 5 }/learned({ 5 }, 0, { trainable = false })/' "$tmp/net.lua" >"$tmp/said/net.lua"
code() { grep -vE 'Written by|(options|hash)\) "|net\.lua' "$1/net.c"; } # what does something
"$TAPELESS" compile "$tmp/said/net.lua" -o "$tmp/c1" >"$tmp/out" 2>&1 || fail "$(cat "$tmp/out")"
"$TAPELESS" compile "$tmp/net.lua" --group 'rnn.*:lr=0.1,weight_decay=0' --group 'gai?:lr=0.5' --group '[f-h]ain:weight_decay=3,lr=0.5' \
    --freeze 'init.*' --freeze 'head.bias,head.w*' -o "$tmp/c2" >"$tmp/out" 2>&1 || fail "$(cat "$tmp/out")"
code "$tmp/c1" >"$tmp/1"
code "$tmp/c2" >"$tmp/2"
cmp "$tmp/1" "$tmp/2" || fail "what is said by name is not what the spec would say"
grep -qF 'train.freeze=init.*,head.bias,head.w* train.group=rnn.*:lr=0.1,weight_decay=0;gai' "$tmp/c2/net.c" || fail "the options do not say it: $(grep 'AT(options)' "$tmp/c2/net.c")"
"$TAPELESS" show "$tmp/net.lua" --freeze 'rnn.*' >"$tmp/out" && [ "$(grep -c ' frozen$' "$tmp/out")" = 4 ] || fail "show: $(cat "$tmp/out")"

awk 'BEGIN { print "a,b,y"; for (t = 1; t <= 200; t++) printf "%.4f,%.4f,%.4f\n", sin(t), cos(2 * t), sin(t / 3) }' >"$tmp/d.csv"
for engine in interpreter generated; do
    train() { # CHECKPOINT OPTIONS...
        c=$1
        shift
        "$TAPELESS" train "$tmp/net.lua" --data "$tmp/d.csv" --input a,b --target y --valid 0.1 --engine $engine -q -c "$tmp/$c" "$@" \
            >"$tmp/out" 2>"$tmp/err" || fail "$*: $(cat "$tmp/err")"
    }
    weights() { "$BUILD/tests/tensors" print "$tmp/$1" "$2" >"$tmp/$1.$2"; }
    moved() { # FROM TO NAME: yes or no
        weights "$1" "$3"
        weights "$2" "$3"
        if cmp -s "$tmp/$1.$3" "$tmp/$2.$3"; then echo no; else echo yes; fi
    }
    is() { [ "$(moved "$1" "$2" "$3")" = "$4" ] || fail "$engine: $3 moved from $1 to $2: not $4"; }
    train first --epochs 1 --overwrite
    train tuned --start "$tmp/first" --epochs 2 --overwrite --freeze 'rnn.*' --group 'gain:lr=0'
    for name in rnn.weight_hh_l0 rnn.bias_ih_l0 gain; do is first tuned $name no; done
    for name in head.weight init.mean; do is first tuned $name yes; done
    cp "$tmp/tuned" "$tmp/on"
    train on --resume --epochs 3
    is tuned on rnn.weight_hh_l0 no
    is tuned on gain no
    is tuned on head.weight yes
    [ ! -s "$tmp/err" ] || fail "a training that is resumed says $(cat "$tmp/err")"
    cp "$tmp/on" "$tmp/free"
    train free --resume --epochs 4 --freeze none --group 'head.*:lr=0'
    grep -q -- '--freeze none, though the checkpoint .* has rnn' "$tmp/err" || fail "nothing is said of what is freed: $(cat "$tmp/err")"
    is on free rnn.weight_hh_l0 yes
    is on free gain yes
    grep -q -- "--group head.*:lr=0, though" "$tmp/err" || fail "nothing is said of the groups: $(cat "$tmp/err")"
    "$TAPELESS" eval "$tmp/net.lua" --data "$tmp/d.csv" -c "$tmp/free" --engine $engine >"$tmp/out" 2>"$tmp/err" || fail "eval: $(cat "$tmp/err")"
    [ ! -s "$tmp/err" ] || fail "eval says $(cat "$tmp/err")"
done

refused() { # SENTENCE COMMAND...
    sentence=$1
    shift
    if "$@" >"$tmp/out" 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" "$tmp/out" || fail "$*: $(cat "$tmp/out")"
}
show() { "$TAPELESS" show "$tmp/net.lua" "$@"; }
refused "net.lua:1: --freeze emb*: no parameter's name matches emb*; there are gain, head.bias, head.weight, init.mean, rnn.bias_hh_l0, rnn" show --freeze 'emb*'
refused "--group rnn:lr=1: no parameter's name matches rnn; there are gain, head.bias" show --group rnn:lr=1
refused "--group rnn.*: write --group 'rnn.*:lr=0.1,weight_decay=0'" show --group 'rnn.*'
refused "--group g*:lr=-1: lr is '-1'; it must be a number from 0" show --group 'g*:lr=-1'
refused "--group g*:lr=1,lr=2: lr stands there twice" show --group 'g*:lr=1,lr=2'
refused "--group g*:momentum=0: 'momentum=0' is neither lr=X nor weight_decay=X" show --group 'g*:momentum=0'
refused "--freeze a/*: it has letters, digits" show --freeze 'a/*'
refused "--group a;b:lr=1: it has a ';' in it" show --group 'a;b:lr=1'
refused "--set train.freeze=head: write --group and --freeze" show --set train.freeze=head
"$TAPELESS" build "$tmp/net.lua" -o "$tmp/b" >"$tmp/out" 2>&1 || fail "build: $(cat "$tmp/out")"
refused "--freeze rnn.*: it is compiled in; tapeless train SPEC --freeze 'rnn.*' builds another trainer" "$tmp/b/net" train --data "$tmp/d.csv" --freeze 'rnn.*'
refused "--group rnn.*:lr=0: it is compiled in" "$tmp/b/net" train --data "$tmp/d.csv" --group 'rnn.*:lr=0'
finish
