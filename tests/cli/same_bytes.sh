# The same spec and options give the same bytes: twice, from another directory, under another name of
# the path, and from the other Lua where both are built. Of the machine nothing is in it but the name of its target.
. tests/cli/common.sh
root=$(pwd)
case $TAPELESS in /*) tapeless=$TAPELESS ;; *) tapeless=$root/$TAPELESS ;; esac

same() { # WHAT DIR
    diff -r "$tmp/first" "$2" >"$tmp/difference" || fail "$1: $(head -n 20 "$tmp/difference")"
}

write() { # DIR, from the current directory; SPECS is where models/ is; COMPILER
    for spec in scalar elman lstm gru charlstm; do
        "$3" compile "$2/models/$spec.lua" -o "$1" || fail "compile $spec"
    done
    "$3" compile "$2/tests/ops/random.lua" -D seed=5 -o "$1" || fail "compile random"
    "$3" compile "$2/tests/ops/state.lua" -D batch=2 -o "$1" || fail "compile state"
}

write "$tmp/first" "$root" "$tapeless"
write "$tmp/second" "$root" "$tapeless"
same "the second time" "$tmp/second"
write "$tmp/relative" . "$tapeless"
same "relative paths" "$tmp/relative"
cp -r models tests "$tmp"
mkdir "$tmp/elsewhere"
(cd "$tmp/elsewhere" && LC_ALL=C.UTF-8 TZ=Asia/Tokyo write "$tmp/copied" .. "$tapeless")
same "copied to another place" "$tmp/copied"

for other in "$BUILD/tests/tapeless_luajit" "$BUILD/../build-luajit/tapeless" "$BUILD/../build/tapeless"; do
    [ -x "$other" ] || continue
    [ -z "$(find compiler runtime -type f -newer "$other" | head -n 1)" ] || { echo "$other is out of date"; continue; }
    write "$tmp/other" "$root" "$(cd "$(dirname "$other")" && pwd)/$(basename "$other")"
    same "$other" "$tmp/other"
    rm -rf "$tmp/other"
done

# What is written for this machine is what is written for its target, by name, on any.
target=$(sed -n 's/^ \* Written by .* float, \([a-z0-9]*\);.*/\1/p' "$tmp/first/elman.c")
seen=0
for name in avx512 avx2 sse2 neon plain; do
    "$tapeless" compile models/elman.lua --machine $name -o "$tmp/$name" || fail "--machine $name"
    grep -q "float, $name;" "$tmp/$name/elman.c" || fail "elman.c does not say that it is for $name"
    if cmp -s "$tmp/$name/elman.c" "$tmp/first/elman.c"; then
        [ "$name" = "$target" ] || fail "for $target are the bytes for $name"
        seen=$((seen + 1))
    fi
done
[ $seen = 1 ] || fail "$seen targets give the bytes for this machine, $target"

# Another option, precision or spec is seen in the bytes.
"$tapeless" compile models/elman.lua -D hidden=31 -o "$tmp/changed"
cmp -s "$tmp/changed/elman.c" "$tmp/first/elman.c" && fail "hidden=31 gives the same elman.c"
"$tapeless" compile models/elman.lua -p f64 -o "$tmp/changed"
cmp -s "$tmp/changed/elman.c" "$tmp/first/elman.c" && fail "f64 gives the same elman.c"
finish
