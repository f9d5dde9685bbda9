# compile and build replace what tapeless wrote, and nothing else: a source, a program, a directory of somebody's
# under such a name is refused and is what it was. Links stay, and what they lead to is replaced.
. tests/cli/common.sh
mkdir "$tmp/work"
cp tests/faults/uv.lua "$tmp/work/uv.lua"
cd "$tmp/work"
state() { find . -type f -exec cksum {} + | sort; find . ! -type f | sort; }
refused() { # SENTENCE COMMAND...: and nothing is changed
    sentence=$1 status=0
    shift
    state >"$tmp/before"
    "$@" >"$tmp/out" 2>"$tmp/said" || status=$?
    [ $status = 2 ] || fail "$*: exit $status"
    grep -q "$sentence" "$tmp/said" || fail "$*: $(cat "$tmp/said")"
    state | cmp -s - "$tmp/before" || fail "$*: something was changed: $(state | diff - "$tmp/before")"
}
for file in uv.c uv.h uv_main.c uv_ffi.lua; do
    echo "of my own" >$file
    refused "\./$file: this file was not written by tapeless" "$TAPELESS" compile uv.lua -o .
    refused "\./$file: this file was not written by tapeless" "$TAPELESS" build uv.lua -o .
    rm $file
    mkdir $file
    refused "\./$file: it is a directory" "$TAPELESS" compile uv.lua -o .
    rmdir $file
done
"$TAPELESS" compile uv.lua -o . || fail "compile"
for file in uv libuv.so; do
    printf '#!/bin/sh\necho of my own\n' >$file
    refused "\./$file: this file was not written by tapeless" "$TAPELESS" build uv.lua -o .
    rm $file
    mkfifo $file
    refused "\./$file: it is a pipe" "$TAPELESS" build uv.lua -o .
    rm $file
done
: >file
refused "file" "$TAPELESS" build uv.lua -o file
refused "file" "$TAPELESS" compile uv.lua -o file/below

# Its own are replaced, through links too, and get the mode that the umask leaves.
mkdir away
ln -s away/trainer uv
"$TAPELESS" build uv.lua -o . || fail "build"
[ -L uv ] && [ -x away/trainer ] || fail "the link was replaced"
first=$(cksum <away/trainer)
"$TAPELESS" build uv.lua -o . --precision f64 || fail "build again"
[ "$(cksum <away/trainer)" != "$first" ] && ./uv info | grep -q "^f64" || fail "the trainer is the old one"
[ "$(find . -name '*tapeless-*' | wc -l)" = 0 ] || fail "left behind: $(find . -name '*tapeless-*')"
(umask 077 && "$TAPELESS" build uv.lua -o private) || fail "build under umask 077"
[ "$(stat -c %a private/uv)" = 700 ] && [ "$(stat -c %a private/uv.c)" = 600 ] || fail "umask 077: $(ls -l private)"
cd "$OLDPWD"
finish
