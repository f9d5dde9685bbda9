# What stands in the cache is run, so the cache is a directory of ours that nobody else can write: it is made so
# whatever the umask, and refused where it is not.
. tests/cli/common.sh
spec=models/scalar.lua
here=$PWD
uses() { # CACHE...: the command, in an environment without the usual names
    env -u XDG_CACHE_HOME -u HOME -u TAPELESS_CACHE "$@" "$TAPELESS" info "$here/$spec" >"$tmp/out" 2>"$tmp/said"
}
works() { uses "$@" || fail "$*: $(cat "$tmp/said")"; }
refused() { # SENTENCE CACHE...
    sentence=$1
    shift
    status=0
    uses "$@" || status=$?
    [ $status = 2 ] || fail "$*: exit $status"
    grep -q "$sentence" "$tmp/said" || fail "$*: $(cat "$tmp/said")"
    [ "$(wc -l <"$tmp/said")" = 1 ] || fail "$*: more than a sentence: $(cat "$tmp/said")"
}
mode() { stat -c %a "$1"; }

(umask 000 && uses "HOME=$tmp/home") || fail "umask 000: $(cat "$tmp/said")"
cache=$tmp/home/.cache/tapeless
[ "$(mode "$cache")" = 700 ] && [ "$(mode "$tmp/home/.cache")" = 700 ] || fail "made with $(mode "$cache")"
open=$(find "$cache" -perm /077)
[ -z "$open" ] || fail "open to others: $open"
works "XDG_CACHE_HOME=$tmp/xdg"
[ "$(mode "$tmp/xdg/tapeless")" = 700 ] || fail "XDG_CACHE_HOME: $(mode "$tmp/xdg/tapeless")"

# Where it is.
cd "$tmp"
works "XDG_CACHE_HOME=relative" "HOME=$tmp/home"
[ ! -e relative ] || fail "a relative XDG_CACHE_HOME is none"
refused "there is no place to keep what is built: set TAPELESS_CACHE" A=b
refused "there is no place" HOME= XDG_CACHE_HOME= TAPELESS_CACHE=
refused "there is no place" HOME=relative
: >file
refused "file/.cache: cannot make this directory: Not a directory" "HOME=$tmp/file"
refused "/file: cannot open the cache: Not a directory" "TAPELESS_CACHE=$tmp/file"
works TAPELESS_CACHE=named/here///
[ "$(mode named/here)" = 700 ] || fail "a named cache is made with $(mode named/here)"

# Its mode.
for bad in 777 770 720 702 1777; do
    rm -rf wide && mkdir wide && chmod $bad wide
    refused "wide: others may write into this directory (its mode is 0*$bad)" TAPELESS_CACHE=wide
    [ -z "$(ls -A wide)" ] || fail "something was written into a refused cache"
done
for readable in 755 750 711; do
    rm -rf wide && mkdir wide && chmod $readable wide
    works TAPELESS_CACHE=wide
    [ "$(mode wide)" = 700 ] || fail "mode $readable has stayed"
done
mkdir shared && chmod 755 shared && : >shared/letters.txt
refused "shared: others may look into this directory, and it has letters.txt" TAPELESS_CACHE=shared
[ "$(mode shared)" = 755 ] || fail "a directory that is not the cache's was closed"

# Links: one's own is followed, and what it leads to looked at.
ln -s "$cache" link
works TAPELESS_CACHE=link
ln -s wide wide_link && chmod 777 wide
refused "others may write" TAPELESS_CACHE=wide_link/

if [ "$(id -u)" != 0 ]; then
    echo "SKIPPED, for they need root: directories and links of another user"
    finish
    exit
fi
mkdir theirs && chmod 700 theirs && chown 65534 theirs
refused "theirs: this directory belongs to user 65534" TAPELESS_CACHE=theirs
ln -s "$cache" their_link && chown -h 65534 their_link
refused "their_link: this link belongs to user 65534" TAPELESS_CACHE=their_link
refused "their_link: this link belongs to user 65534" TAPELESS_CACHE=their_link/
# An entry that somebody else has planted, under the very name, is none.
mkdir -m 700 planted
works "TAPELESS_CACHE=planted"
entry=$(echo planted/scalar-*)
printf '#!/bin/sh\necho planted\n' >"$entry/scalar"
chown -R 65534 "$entry"
works "TAPELESS_CACHE=planted"
grep -q "damaged (it is not ours alone); it is built again" said || fail "a planted entry: $(cat said)"
grep -q planted out && fail "what was planted is run"
[ "$(stat -c %u "$entry")" = 0 ] || fail "the planted entry has stayed"
# And as that user: nobody's cache is used but one's own.
if command -v setpriv >/dev/null && [ -x "$TAPELESS" ] && setpriv --reuid 65534 --clear-groups test -r "$here/$spec"; then
    mkdir -m 700 nobody && chown 65534 nobody && chmod 755 .
    setpriv --reuid 65534 --clear-groups env TAPELESS_CACHE="$tmp/nobody" "$TAPELESS" info "$here/$spec" >out 2>said ||
        fail "as another user: $(cat said)"
    ! setpriv --reuid 65534 --clear-groups env TAPELESS_CACHE="$cache" "$TAPELESS" info "$here/$spec" >out 2>said ||
        fail "another user uses our cache"
else
    echo "SKIPPED: the program cannot be run as another user here"
fi
finish
