# generated/ is what the compiler writes today, byte for byte.
. tests/cli/common.sh
scripts/regenerate "$tmp"
for file in "$tmp"/*; do
    name=$(basename "$file")
    cmp -s "$file" "generated/$name" || fail "generated/$name is not what the compiler writes: run scripts/regenerate"
done
for file in generated/*; do
    [ -e "$tmp/$(basename "$file")" ] || fail "$file is no longer written: remove it"
done
finish
