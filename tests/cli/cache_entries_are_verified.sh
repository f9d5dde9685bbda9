# An entry of the cache is used only as it was built: whatever of it is damaged, it is built again, and what comes
# out is the same. Another compiler, version, flag or processor is another entry; one that is found is not built.
. tests/cli/common.sh
spec=models/scalar.lua
export TAPELESS_CACHE="$tmp/cache"
# A compiler that counts how often it makes an object.
cat >"$tmp/cc" <<END
#!/bin/sh
case " \$* " in *" -c "*) echo made >>"$tmp/made" ;; esac
case " \$* " in *" -dM "*) [ ! -e "$tmp/version" ] || cat "$tmp/version" ;; esac
shift
exec gcc "\$@"
END
chmod +x "$tmp/cc"
export CC="$tmp/cc x"
made() { wc -l <"$tmp/made"; }
diff_it() { "$TAPELESS" diff $spec >"$tmp/out" 2>"$tmp/said" || fail "$1: $(cat "$tmp/out" "$tmp/said")"; }
info() { "$TAPELESS" info $spec >"$tmp/out" 2>"$tmp/said" || fail "$1: $(cat "$tmp/said")"; }

info first
cp "$tmp/out" "$tmp/wanted"
entry=$(echo "$tmp"/cache/scalar-*)
[ "$(made)" = 1 ] && [ ! -s "$tmp/said" ] || fail "first: $(cat "$tmp/said")"
info again
diff_it again
[ "$(made)" = 1 ] || fail "what is there is built again"

damage() { # WHAT COMMAND...: in the entry
    what=$1 before=$(made)
    shift
    (cd "$entry" && "$@") || fail "$what: cannot be tried"
    case $what in *library*) diff_it "$what" ;; *) info "$what"; cmp -s "$tmp/out" "$tmp/wanted" || fail "$what: prints $(cat "$tmp/out")" ;; esac
    [ "$(made)" = $((before + 1)) ] || fail "$what: built $(($(made) - before)) times"
    grep -q "damaged (.*); it is built again" "$tmp/said" || fail "$what: says $(cat "$tmp/said")"
}
flip() { printf 'X' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
damage "a library cut short" truncate -s 1000 libscalar.so
damage "an empty library" truncate -s 0 libscalar.so
damage "a wrong byte in the library" flip libscalar.so 3000
damage "a wrong byte in the trainer" flip scalar 5000
damage "a trainer that grew" sh -c 'echo >>scalar'
damage "another program in its place" sh -c 'printf "#!/bin/sh\necho planted\n" >scalar'
damage "a link in its place" ln -sf /bin/true scalar
damage "a pipe in its place" sh -c 'rm scalar && mkfifo scalar'
damage "a directory in its place" sh -c 'rm libscalar.so && mkdir libscalar.so'
damage "no trainer" rm scalar
damage "no library" rm libscalar.so
damage "no manifest" rm manifest
damage "an empty manifest" truncate -s 0 manifest
damage "half a manifest" truncate -s 40 manifest
damage "a manifest without the library" sed -i /libscalar/d manifest
damage "a wrong hash in it" sed -i 's/ [0-9a-f]\{32\} libscalar/ 00000000000000000000000000000000 libscalar/' manifest
damage "a name that leads out" sed -i 's, scalar$, ../x,' manifest
damage "no directory" sh -c "rm -r '$entry' && : >'$entry'"
damage "a link to nowhere" sh -c "rm -r '$entry' && ln -s nowhere '$entry'"
damage "open to others" chmod 777 .
[ "$(find "$tmp/cache" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ] || fail "left behind: $(ls -a "$tmp/cache")"

# What a killed build has left goes; what somebody is at work in does not.
mkdir -m 700 "$tmp/cache/.tapeless-building-aaaaaa" "$tmp/cache/.tapeless-building-bbbbbb" "$tmp/cache/.tapeless-building"
: >"$tmp/cache/.tapeless-building-aaaaaa/x.c"
exec 9<"$tmp/cache/.tapeless-building-bbbbbb"
flock 9
damage "and it is swept" rm manifest
[ ! -e "$tmp/cache/.tapeless-building-aaaaaa" ] || fail "what a killed build left has stayed"
[ -d "$tmp/cache/.tapeless-building-bbbbbb" ] || fail "what is somebody's was removed"
exec 9<&-

# The key.
other() { # WHAT COMMAND...
    what=$1 before=$(made)
    shift
    "$@" >/dev/null 2>"$tmp/said" || fail "$what: $(cat "$tmp/said")"
    [ "$(made)" = $((before + 1)) ] || fail "$what is taken for the same"
    "$@" >/dev/null 2>&1
    [ "$(made)" = $((before + 1)) ] || fail "$what is not found again"
}
other "another flag" env CC="$tmp/cc x -O1" "$TAPELESS" info $spec
other "another processor" env CC="$tmp/cc x -mno-avx" "$TAPELESS" info $spec
other "another search path" env CPATH="$tmp" "$TAPELESS" info $spec
other "f64" "$TAPELESS" info $spec --precision f64
echo "#define __VERSION__ 99" >"$tmp/version"
other "another version" "$TAPELESS" info $spec
rm "$tmp/version"
touch -d 2001-01-01 "$tmp/cc"
other "another program of that name" "$TAPELESS" info $spec
cp "$BUILD/libtapeless.a" "$tmp" && mkdir -p "$tmp/home/lib/tapeless" "$tmp/home/include" &&
    cp "$BUILD/libtapeless.a" "$tmp/home/lib/tapeless" && cp -r runtime/tapeless "$tmp/home/include"
other "another home" env TAPELESS_HOME="$tmp/home" "$TAPELESS" info $spec
objcopy --strip-debug -R .comment "$tmp/home/lib/tapeless/libtapeless.a"
other "another runtime" env TAPELESS_HOME="$tmp/home" "$TAPELESS" info $spec
echo >>"$tmp/home/include/tapeless/elementary_f32.h"
other "another header" env TAPELESS_HOME="$tmp/home" "$TAPELESS" info $spec

# Several at once: all are right, whoever was faster.
rm -rf "$tmp/cache"
for i in 1 2 3 4; do
    ("$TAPELESS" info $spec >"$tmp/out$i" 2>"$tmp/said$i" || echo "failed" >>"$tmp/said$i") &
done
wait
for i in 1 2 3 4; do
    cmp -s "$tmp/out$i" "$tmp/wanted" && [ ! -s "$tmp/said$i" ] || fail "at once: $(cat "$tmp/said$i")"
done
[ "$(find "$tmp/cache" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ] || fail "left behind: $(ls -a "$tmp/cache")"

# A disk without room, where one can be made.
if [ "$(id -u)" = 0 ] && mkdir "$tmp/small" && mount -t tmpfs -o size=64k,mode=700 none "$tmp/small" 2>/dev/null; then
    trap 'status=$?; umount "$tmp/small"; ended $status' EXIT
    status=0
    TAPELESS_CACHE=$tmp/small "$TAPELESS" info $spec >"$tmp/out" 2>"$tmp/said" || status=$?
    [ $status = 2 ] && grep -q "[Nn]o space" "$tmp/said" || fail "a full disk: exit $status: $(cat "$tmp/said")"
    [ -z "$(ls -A "$tmp/small")" ] || fail "on the full disk there is left $(ls -A "$tmp/small")"
else
    echo "SKIPPED: no small filesystem can be mounted here"
fi
finish
