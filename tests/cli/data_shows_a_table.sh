# `tapeless data FILE [SPEC]`: figures of every column are those of its cells, missing ones and words are counted and named, roles are
# what a training takes; nothing is written.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
cp models/sunspots.lua models/data/sunspots.csv "$tmp"
cd "$tmp" || exit 1
cat >t.csv <<'CSV'
when;temp;load;gap;one;Größe
2020-01-01;1,5;3;;7;2
2020-01-02;;4;na;7;2
2020-01-03;2,5;5;;7;3
2020-01-04;-9,25;6;?;7;3
CSV
ls >before
"$TAPELESS" data t.csv --json >json || fail "data: $(cat json)"
python3 - json <<'PY' || fail "the figures: $(cat json)"
import json, sys
j = json.load(open(sys.argv[1]))
c = {x["name"]: x for x in j["columns"]}
assert j["rows"] == 4 and list(c) == ["when", "temp", "load", "gap", "one", "Größe"], j
assert [x["kind"] for x in j["columns"]] == ["time", "real", "whole", "empty", "constant", "whole"], [x["kind"] for x in j["columns"]]
assert [x["missing"] for x in j["columns"]] == [0, 1, 0, 4, 0, 0]
assert [x["distinct"] for x in j["columns"]] == [0, 3, 4, 0, 1, 2]
v = [1.5, 2.5, -9.25]
m = sum(v) / 3
assert abs(c["temp"]["mean"] - m) < 1e-12 and (c["temp"]["least"], c["temp"]["most"]) == (-9.25, 2.5)
assert abs(c["temp"]["standard_deviation"] - (sum((x - m) ** 2 for x in v) / 3) ** 0.5) < 1e-12
assert c["load"]["rises"] and not c["temp"]["rises"] and not c["one"]["rises"]
assert c["when"]["first_that_is_no_number"] == {"text": "2020-01-01", "line": 2}
assert c["gap"]["mean"] is None
PY
"$TAPELESS" data t.csv >table || fail "the table: $(cat table)"
grep -q "^t.csv: 4 rows of 6 columns, cells separated by ';'" table || fail "its first line: $(head -1 table)"
grep -q '^  load .*▁▃▆█ *rises$' table || fail "the sparkline: $(grep load table)"
grep -q '^  when  *time .*2020-01-01 in line 2: --time when reads it' table || fail "a time: $(grep when table)"
"$TAPELESS" data t.csv --time when | grep -q '^  when  *time .*when 2020-01-01 to 2020-01-04, every 1 day$' || fail "times: $("$TAPELESS" data t.csv --time when)"
printf 'day,x,y\nmon,1,a\ntue,2,3\nmon,3,4\n,4,5\n' >words.csv
"$TAPELESS" data words.csv >table || fail "words: $(cat table)"
grep -q '^  day  *words  *1  *2 .*  mon, tue$' table || fail "words: $(cat table)"
grep -q '^  y  *mixed .*"a" in line 2 is no number' table || fail "mixed: $(cat table)"
rm words.csv
"$TAPELESS" data t.csv >table
[ "$(awk 'NR > 1 { print (length($0) > 200) }' table | grep -c 1)" = 0 ] || fail "a line is too long"
"$TAPELESS" data sunspots.csv sunspots.lua >table || fail "with a spec: $(cat table)"
grep -q '^  sunspots .*  input, target$' table || fail "the role: $(cat table)"
grep -q '^  year .*  rises$' table || fail "the year has a role: $(cat table)"
cat >net.lua <<'LUA'
return model { input = real(1), target = real(1), params = { W = { 1, 1 } }, step = function(p, x) return p.W(x) end, loss = mse, tbptt = { k1 = 1, k2 = 1 } }
LUA
"$TAPELESS" data t.csv net.lua --input load --target temp --missing mask --json >json || fail "roles: $(cat json)"
python3 - json <<'PY' || fail "roles: $(cat json)"
import json, sys
assert {c["name"]: c["role"] for c in json.load(open(sys.argv[1]))["columns"] if c["role"]} == {"load": "input", "temp": "target"}
PY
"$TAPELESS" data t.csv --sequence one --json | grep -q '"sequences": 1' || fail "one sequence"
"$TAPELESS" data t.csv --sequence when --json | grep -q '"sequences": 4' || fail "four sequences"
rm -f json table before net.lua
[ "$(ls)" = "$(printf 'sunspots.csv\nsunspots.lua\nt.csv')" ] || fail "something was written: $(ls)"
refused() { # SENTENCE WORDS...
    sentence=$1
    shift
    if "$TAPELESS" data "$@" >out 2>&1; then fail "data $*: it is done"; fi
    grep -qF -- "$sentence" out || fail "data $*: $(cat out)"
}
refused "which file?"
refused "none.csv: No such file" none.csv
refused "there is no column 'sunspots'" t.csv sunspots.lua
refused "these are tensors" x.safetensors
refused "no column 'nobody'" t.csv --sequence nobody
printf 'a b, c\nd e\n' >a.txt
cp "$OLDPWD/models/charlstm.lua" .
refused '`data` shows tables, and --unit is of texts; `tapeless train SPEC --data a.txt --steps 0` says how many characters' a.txt charlstm.lua --unit word
refused '`data` shows tables, and --format text says it is a text' a.txt --format text
refused '`data` shows tables, and the model would read this as a text' a.txt charlstm.lua
finish
