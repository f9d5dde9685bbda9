# The README's spec is the model that it names, compiles, and becomes the C that is shown.
. tests/cli/common.sh
. tests/cli/common_excerpt.sh
awk -v dir="$tmp" '/^```(lua|c)$/ { out = dir "/" substr($0, 4); next } /^```/ { out = "" } out != "" { print > out }' README.md

cmp -s "$tmp/lua" models/elman.lua || fail "the spec in the README is not models/elman.lua"
"$TAPELESS" compile models/elman.lua --machine avx2 -o "$tmp/out" || fail "the spec does not compile"
excerpt "$tmp/out/elman.c" "$tmp/c" || fail "the C in the README is not what models/elman.lua becomes"

# What it links to is there: a file, and the heading in it.
headings() { # FILE: as GitHub calls them
    sed -n 's/^##* //p' "$1" | tr '[:upper:] ' '[:lower:]-' | sed 's/[^a-z0-9_-]//g'
}
for file in $(grep -o '](\([^)]*\))' README.md docs/*.md | sed 's/\(.*\):](\(.*\))/\1 \2/; s/ /:/'); do
    from=${file%%:*}
    to=${file#*:}
    case $to in '#'*) path=$from ;; *) path=$(dirname "$from")/${to%%#*} ;; esac
    [ -e "$path" ] || fail "$from links to $to, which is not there"
    case $to in *'#'*) headings "$path" | grep -qxF -e "${to#*#}" || fail "$from links to $to, a heading that is not there" ;; esac
done
finish
