# `export --fmu`: the same bytes again; a library that exports the interface alone and runs on every processor of the family;
# sentences for what cannot be; nothing of anybody's is written over.
. tests/cli/common.sh
"$TAPELESS" init "$tmp/tanks" --model tanks >"$tmp/out" 2>&1
cd "$tmp/tanks"
"$TAPELESS" train tanks.lua --data data.csv --steps 5 -q >../out
"$TAPELESS" export tanks.lua --fmu one.fmu || fail "without -c"
"$TAPELESS" export tanks.lua -c tanks.safetensors --fmu two.fmu || fail "with -c"
cmp one.fmu two.fmu || fail "the FMU differs from run to run"
"$TAPELESS" train tanks.lua --data data.csv --steps 6 -q --overwrite >../out
"$TAPELESS" export tanks.lua --fmu two.fmu --overwrite || fail "--overwrite"
! cmp -s one.fmu two.fmu || fail "another checkpoint, the same FMU"
[ "$(find . -name '*tapeless-*' | wc -l)" = 0 ] || fail "left behind: $(find . -name '*tapeless-*')"

python3 - one.fmu two.fmu <<'PY' || fail "what is in it"
import re, sys, zipfile
guids = []
for path in sys.argv[1:]:
    z = zipfile.ZipFile(path)
    assert z.testzip() is None and z.namelist()[0] == "modelDescription.xml", z.namelist()
    xml, c = z.read("modelDescription.xml").decode(), z.read("sources/tanks.c").decode()
    guids += re.findall(r'guid="(\{[0-9a-f-]{36}\})"', xml)
    assert guids[-1] in c
    open("tanks.so", "wb").write(z.read("binaries/linux64/tanks.so"))
    open("tanks.c", "w").write(c)
assert len(set(guids)) == 2, guids
PY
others=$(nm -D --defined-only tanks.so | awk '$3 !~ /^fmi2[A-Z]/ { print $3 }')
[ -z "$others" ] || fail "the library exports $others"
[ "$(nm -D --defined-only tanks.so | wc -l)" = 34 ] || fail "it exports $(nm -D --defined-only tanks.so | wc -l) names"
[ "$(uname -m)" != x86_64 ] || ! objdump -d tanks.so | grep -q '%[yz]mm' || fail "it has vectors that not all x86-64 have"

# A program of one's own takes the source, under a prefix; C++ too.
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Werror"
cd "$OLDPWD"
for cc in "gcc -std=c99" "clang -std=c99" "g++ -x c++ -std=c++17"; do
    # shellcheck disable=SC2086 # options are words
    $cc $warnings -DFMI2_FUNCTION_PREFIX=tanks_ -fPIC -Iruntime -c "$tmp/tanks/tanks.c" -o "$tmp/tanks.o" || fail "$cc"
    nm -g --defined-only "$tmp/tanks.o" | grep -q ' tanks_fmi2DoStep$' || fail "$cc: no prefix"
done

# What outputs depend on: of a step's inputs those that they are made of, and before the first step of states.
cat >"$tmp/three.lua" <<'LUA'
return model {
  input = { a = real(2), b = real(1) }, target = { y = real(1), z = real(2), w = real(1) },
  params = { U = { 2, 2 }, V = { 1, 2 } }, state = { h = { 2 }, g = { 1 } },
  step = function(p, x, s)
    local h = tanh(p.U(x.a) + s.h)
    return { y = p.V(h), z = s.h * x.b, w = 2 * s.g }, { h = h, g = 0.5 * s.g + x.b }
  end,
  loss = function(y, t) return mse(y.y, t.y) + mse(y.z, t.z) + mse(y.w, t.w) end, tbptt = { k1 = 2, k2 = 4 },
}
LUA
seq 1 40 | awk 'BEGIN { print "a1,a2,b,y,z1,z2,w" } { x = sin($1 / 3); print x "," x * x "," cos($1 / 5) "," x "," x "," x "," x }' >"$tmp/three.csv"
"$TAPELESS" train "$tmp/three.lua" --data "$tmp/three.csv" --input a=a1,a2 --input b=b --target y=y --target z=z1,z2 --target w=w --epochs 1 \
    -p f64 --engine interpreter -c "$tmp/three.st" >"$tmp/out" 2>&1 || fail "three.lua: $(cat "$tmp/out")"
"$TAPELESS" export "$tmp/three.lua" -c "$tmp/three.st" --fmu "$tmp/three.fmu" || fail "three.fmu"
python3 - "$tmp/three.fmu" <<'PY' || fail "dependencies"
import re, sys, zipfile
xml = zipfile.ZipFile(sys.argv[1]).read("modelDescription.xml").decode()
names = re.findall(r'ScalarVariable name="([^"]*)"', xml)
def section(name):
    body = re.search(f"<{name}>(.*?)</{name}>", xml, re.S)[1]
    return {names[int(i) - 1]: {names[int(k) - 1] for k in d.split()} for i, d in re.findall(r'index="(\d+)" dependencies="([^"]*)"', body)}
a, h, g = {"a[1]", "a[2]"}, {"s_h[1]", "s_h[2]"}, {"s_g"}
assert section("Outputs") == {"w": set(), "y": a, "z[1]": {"b"}, "z[2]": {"b"}}, section("Outputs")
assert section("InitialUnknowns") == {"w": g, "y": a | h, "z[1]": {"b"} | h, "z[2]": {"b"} | h}, section("InitialUnknowns")
PY

refused() { # SENTENCE WORDS...
    sentence=$1 status=0
    shift
    "$TAPELESS" export "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = 2 ] || fail "export $*: status $status"
    grep -qF -e "$sentence" "$tmp/err" || fail "export $*: it says $(cat "$tmp/err"), not '$sentence'"
}
w=$tmp/tanks/tanks.safetensors
refused "it exists; --overwrite replaces it" models/tanks.lua -c "$w" --fmu "$tmp/tanks/one.fmu"
refused "this is no FMU, and would be lost" models/tanks.lua -c "$w" --fmu "$w" --overwrite
refused "this is no FMU, and would be lost" "$tmp/tanks/tanks.lua" -c "$w" --fmu "$tmp/tanks/tanks.lua" --overwrite
refused "take one of them" models/tanks.lua -c "$w" --fmu "$tmp/new.fmu" -o "$tmp/new.safetensors"
refused "double precision" models/tanks.lua -c "$w" --fmu "$tmp/new.fmu" -p f32
refused "none.safetensors" models/tanks.lua -c none.safetensors --fmu "$tmp/new.fmu"
refused "none/new.fmu" models/tanks.lua -c "$w" --fmu "$tmp/none/new.fmu"
refused "--step-size 0" models/tanks.lua -c "$w" --fmu "$tmp/new.fmu" --step-size 0
for of in "charlstm:real numbers alone" "lstm_cnn:looks at a whole window"; do
    name=${of%%:*} hidden=
    [ $name != charlstm ] || hidden="-D hidden=8"
    "$TAPELESS" init "$tmp/$name" --model $name >"$tmp/out" 2>&1
    # shellcheck disable=SC2086 # options are words
    "$TAPELESS" train models/$name.lua $hidden --data "$tmp/$name"/data.* --engine interpreter --steps 1 -q -c "$tmp/$name/w" >"$tmp/out" 2>&1
    refused "${of#*:}" models/$name.lua -c "$tmp/$name/w" --fmu "$tmp/new.fmu"
done
cp models/tanks.lua "$tmp/free.lua"
refused "rename the file" "$tmp/free.lua" -c "$w" --fmu "$tmp/new.fmu"
[ ! -e "$tmp/new.fmu" ] && [ ! -e "$tmp/new.safetensors" ] || fail "a command that was refused wrote"
finish
