# scripts/site builds a site of every page: of one that nobody has named, too. Code has its file's name and colours, tables of
# commands, functions and operations have every row; links are tried, and a page that a forge would show otherwise is refused.
. tests/cli/common.sh
tree=$tmp/tree
mkdir -p "$tree/scripts" "$tree/compiler/front" "$tree/python"
cp -R README.md CONTRIBUTING.md CHANGELOG.md LICENSE docs models runtime "$tree"
cp -R compiler/front/lua "$tree/compiler/front"
cp -R python/tests "$tree/python"
cp scripts/site "$tree/scripts"
cat >"$tree/docs/unnamed.md" <<'M'
# A page that no order names

It stands beside [the language](language.md#train), links to [a spec](../models/scalar.lua), and begins a list at once:
- one `a|b`
  goes on

      and has code

| name | is |
|---|---|
| `--format text\|csv` | a bar |

```c named.c
int x = 1;
```

```lua part
tbptt = { k1 = 1 },
```
M
"$tree/scripts/site" -o "$tmp/site" >"$tmp/out" 2>&1 || { fail "scripts/site: $(cat "$tmp/out")"; finish; }
grep -q "^$tmp/site/index.html$" "$tmp/out" || fail "it does not say where the site is: $(cat "$tmp/out")"
grep -q ' 0 of them dead' "$tmp/out" || fail "links: $(cat "$tmp/out")"

# ---- pages ----
for page in README.md CONTRIBUTING.md CHANGELOG.md docs/*.md; do
    html=$tmp/site/${page%.md}.html
    [ "$page" != README.md ] || html=$tmp/site/index.html
    [ -f "$html" ] || fail "$page is not on the site"
    [ "$page" = README.md ] || grep -q "href=\"${page%.md}.html\"" "$tmp/site/index.html" || fail "$page is not in the navigation"
done
page=$tmp/site/docs/unnamed.html
sed -n '/More/,$p' "$tmp/site/index.html" | grep -q 'href="docs/unnamed.html"' || fail "a new page is not under More"
grep -q 'class="filename">named.c<' "$page" || fail "a block of named.c has no title"
[ "$(grep -c '<span class="n">tbptt</span>\|<span class="kt">int</span>' "$page")" = 2 ] || fail "code has no colours: $(cat "$page")"
tr -d '\n' <"$page" | grep -q '<ul><li>one <code>a|b</code> *goes on<div class="highlight"><pre><span></span><code>and has code</code></pre></div></li></ul>' || fail "the list is none: $(grep -A12 '<ul>' "$page" | tail -n 12)"
grep -q 'text|csv</code>' "$page" || fail "a bar in a cell is not one"
grep -q 'href="../sources/models/scalar.lua.html"' "$page" || fail "a spec that a page links to is not shown"
grep -q 'param' "$tmp/site/sources/models/scalar.lua.html" || fail "it is not the spec"
for page in docs/teach/index.html docs/teach/data.js docs/teach/scenes.js docs/tanks.svg search/search_index.json; do
    [ -s "$tmp/site/$page" ] || fail "the site has no $page"
done
grep -q 'Levenberg' "$tmp/site/search/search_index.json" || fail "nothing is found by a search"
[ ! -e "$tmp/site/docs/teach/measure.py" ] && [ ! -e "$tmp/site/docs/site" ] || fail "what builds the site is on it"

# ---- tables ----
"$TAPELESS" --help | awk '/^  [a-z]/ { print $1 }' | while read -r command; do
    awk -v id="id=\"$command\"" '/<h2 / { inside = index($0, id) || index($0, "id=\"options-of-all-") } inside' \
        "$tmp/site/reference/commands.html" >"$tmp/section"
    "$TAPELESS" help "$command" | sed -n 's/^  \(-[A-Za-z], \)\{0,1\} *--\([a-z0-9-]*\).*/\2/p' | grep -vx help |
        while read -r option; do grep -q -- "--$option\b" "$tmp/section" || echo "$command --$option"; done
done >"$tmp/missing"
[ ! -s "$tmp/missing" ] || fail "no option on the page of commands: $(cat "$tmp/missing")"
sed -n 's/^function \([a-z_.0-9]*\)(.*/\1/p' docs/tapeless.lua >"$tmp/functions"
[ "$(wc -l <"$tmp/functions")" -gt 60 ] || fail "docs/tapeless.lua has no functions"
while read -r name; do
    grep -q "<td><code>$name(" "$tmp/site/reference/language.html" || fail "no function $name on the site"
done <"$tmp/functions"
sed -n 's/^ *X([A-Z_]*, "\([a-z_]*\)".*/\1/p' runtime/tapeless/ops.h >"$tmp/operations"
[ "$(wc -l <"$tmp/operations")" -gt 50 ] || fail "ops.h has no operations"
while read -r name; do
    grep -q "<td><code>$name</code>" "$tmp/site/reference/operations.html" || fail "no operation $name on the site"
done <"$tmp/operations"

# ---- what is wrong is said, and the site that was there stays ----
refused() { # WHAT, TEXT of the page, WORDS of the message
    printf '%s\n' "$2" >"$tree/docs/unnamed.md"
    ! "$tree/scripts/site" -o "$tmp/site" >"$tmp/out" 2>&1 || fail "$1: is built"
    grep -q "$3" "$tmp/out" || fail "$1: $(cat "$tmp/out")"
    [ -f "$tmp/site/index.html" ] || fail "$1: the site is gone"
}
refused "a dead link" "# A page

[there](nowhere.md)" "'docs/unnamed.md' contains a link to 'docs/nowhere.md' which is not found"
refused "another reading" "# A page

text
1) an item" "docs/unnamed.md is not what a forge shows; - there, + here: "
cp -R "$tmp/site" "$tmp/broken"
sed -i 's/href="language.html#train"/href="language.html#trian"/' "$tmp/broken/docs/unnamed.html"
rm "$tmp/broken/docs/tanks.svg"
echo '<script src="https://example.org/x.js"></script>' >>"$tmp/broken/docs/teach/index.html"
! python3 docs/site/links.py "$tmp/broken" >"$tmp/out" || fail "dead anchors are not seen"
for line in 'docs/unnamed.html: language.html#trian: no such anchor' 'docs/system-identification.html: tanks.svg: leads nowhere' \
    'docs/teach/index.html: https://example.org/x.js: is loaded from elsewhere'; do
    grep -qx "$line" "$tmp/out" || fail "links.py does not say $line: $(cat "$tmp/out")"
done
mkdir "$tmp/mine"
touch "$tmp/mine/file"
status=0
scripts/site -o "$tmp/mine" 2>"$tmp/err" || status=$?
[ $status = 2 ] && grep -q 'is there and is not a site' "$tmp/err" && [ -f "$tmp/mine/file" ] || fail "a folder of mine: $status, $(cat "$tmp/err")"
finish
