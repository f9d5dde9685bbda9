# The C of the tree is as scripts/format writes it, which sees what is written otherwise, and writes it so.
. tests/cli/common.sh
scripts/format --check >"$tmp/out" 2>&1 || fail "scripts/format would move lines: $(tail -n 5 "$tmp/out")"
printf 'int f( int x )\n{\n  if(x)\n        return x+1 ;\n    return x *2 ;\n}\n' >"$tmp/x.c"
cp .clang-format "$tmp"
if scripts/format --check "$tmp/x.c" >"$tmp/out"; then fail "it sees nothing"; fi
grep -q '^4 lines would move$' "$tmp/out" || fail "it says $(cat "$tmp/out")"
scripts/format "$tmp/x.c" >"$tmp/out"
printf 'int f(int x)\n{\n    if (x)\n        return x + 1;\n    return x *2;\n}\n' | cmp - "$tmp/x.c" || fail "it writes $(cat "$tmp/x.c")"
finish
