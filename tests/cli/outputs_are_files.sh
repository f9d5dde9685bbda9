# Every command replaces regular files alone, and finds out before it begins: a device, a pipe, a directory is
# refused with a sentence and is what it was; a link stays and what it leads to is replaced. Nothing is written
# over what is read, and no two outputs are one file.
. tests/cli/common.sh
"$TAPELESS" build tests/faults/uv.lua -o "$tmp/bin" || fail "build"
uv=$tmp/bin/uv
awk 'BEGIN { print "u,v"; for (i = 0; i < 60; i++) print sin(i) "," cos(i) }' >"$tmp/d.csv"
cd "$tmp"
mkdir directory
mkfifo pipe
ln -s pipe to_pipe
# As root a device of the test's own: /dev/null would be everybody's loss.
device=/dev/null
if [ "$(id -u)" = 0 ]; then
    device=device
    mknod device c 1 3 2>/dev/null || { echo "SKIPPED: no device can be made here"; device=pipe; }
fi
for name in null.svg null.npy; do ln -s "$device" "$name"; done
for name in directory.svg directory.npy; do ln -s directory "$name"; done
stat -c '%n %F' pipe $device directory >before

refused() { # WHAT COMMAND...: exit 2, one sentence that says so, at once
    what=$1
    shift
    status=0
    timeout 60 "$@" >out 2>said </dev/null || status=$?
    [ $status = 2 ] || fail "$*: exit $status"
    grep -q "it is $what" said || fail "$*: $(cat said)"
    [ "$(wc -l <said)" = 1 ] || fail "$*: more than a sentence: $(cat said)"
}

kind_of() {
    case $1 in directory*) echo "a directory" ;; pipe | to_pipe) echo "a pipe" ;;
    *) [ $device = pipe ] && echo "a pipe" || echo "a device" ;; esac
}

train="$uv train --data d.csv --input u --target v --steps 2 --overwrite"
$train -c good.st >/dev/null 2>&1 || fail "train"
cp good.st kept.st
for name in directory pipe to_pipe $device; do
    kind=$(kind_of $name)
    refused "$kind" $train -c $name
    refused "$kind" $train --resume -c $name
    refused "$kind" $train -c c.st --best $name
    refused "$kind" $train -c c.st --log $name
    refused "$kind" "$uv" predict -c good.st --data d.csv -o $name
    refused "$kind" "$uv" export -c good.st -o $name --overwrite
    refused "$kind" "$uv" import good.st -c $name --overwrite
    refused "$kind" "$TAPELESS" grad "$OLDPWD/tests/faults/uv.lua" --params good.st --data good.st -o $name
done
for name in directory null; do
    kind=$(kind_of $name)
    refused "$kind" $train -c c.st --plot $name.svg
    refused "$kind" "$uv" predict -c good.st --data d.csv -o p.csv --plot $name.svg
done
[ ! -e c.st ] || fail "a training began although what it was to write could not be written"
[ ! -e p.csv ] || fail "predictions were written although their picture could not be"
stat -c '%n %F' pipe $device directory | cmp - before || fail "what was refused is not what it was"
[ -z "$(ls directory)" ] || fail "in the directory there is $(ls directory)"
cmp good.st kept.st || fail "the checkpoint was touched"

# Links.
mkdir away
ln -s away/c.st c.st
ln -s away/log.csv log.csv
$train -c c.st --log log.csv >/dev/null 2>&1 || fail "links that lead to nothing yet"
$uv train --data d.csv --input u --target v -c c.st --resume --steps 3 --log log.csv >/dev/null 2>said || fail "links to files: $(cat said)"
[ -L c.st ] && [ -L log.csv ] && [ "$(ls away | tr '\n' ' ')" = "c.st log.csv " ] || fail "a link was replaced: $(ls -l . away)"
[ "$(wc -l <away/log.csv)" = 4 ] || fail "the log behind the link: $(cat away/log.csv)"

# What would be lost.
refuse() { # SENTENCE COMMAND...
    sentence=$1
    shift
    ! "$@" >out 2>said || fail "$* is accepted"
    grep -q -- "$sentence" said || fail "$*: $(cat said)"
}
cp d.csv kept.csv
ln d.csv other_name.csv
refuse "--checkpoint d.csv: this file is read" $train -c d.csv
refuse "--log other_name.csv: this file is read" $train -c c.st --log other_name.csv
refuse "--output d.csv: this file is read" "$uv" predict -c good.st --data d.csv -o d.csv
refuse "--checkpoint and --best: both would write" $train -c c.st --best away/c.st
refuse "--checkpoint and --log: both would write" $train -c new.st --log new.st
cmp d.csv kept.csv || fail "the data were written over"
[ "$(find . -name '*tapeless-*' | wc -l)" = 0 ] || fail "left behind: $(find . -name '*tapeless-*')"
cd "$OLDPWD"
finish
