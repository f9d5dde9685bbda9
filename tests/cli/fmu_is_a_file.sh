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
