# scripts/release refuses what is not ready, each with a sentence, and otherwise leaves source, packages, wheel, sample and checksums
# and an annotated tag. It is tried on a clone, with this build and the wheel that python_package leaves in it.
. tests/cli/common.sh
if ! git rev-parse --verify -q HEAD >/dev/null || ! command -v cpack >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
    echo "skipped: there is no repository to make a release of, or no cpack"
    exit 77
fi
WHEEL=$(ls "$BUILD"/python/tapeless-*.whl 2>/dev/null) || { echo "skipped: there is no wheel in $BUILD/python, which python_package makes"; exit 77; }
export WHEEL BUILD
if grep -q 'TAPELESS_SANITIZE:BOOL=ON' "$BUILD/CMakeCache.txt"; then
    echo "skipped: a build with sanitizers is not packaged"
    exit 77
fi
version=$("$TAPELESS" --version | sed 's/tapeless //')
clone=$tmp/clone
git clone -q . "$clone" 2>"$tmp/err" || fail "git clone: $(cat "$tmp/err")"
cd "$clone"
git config user.name tester
git config user.email tester@example.org
git config commit.gpgsign false

refuses() { # SENTENCE ARGUMENTS...
    sentence=$1
    shift
    status=0
    scripts/release "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
    [ $status = 2 ] || fail "release $*: exit status $status"
    grep -qF -- "$sentence" "$tmp/err" || fail "release $*: $(cat "$tmp/err")"
    [ ! -e dist ] || fail "release $*: something was written"
    [ -z "$(git tag)" ] || fail "release $*: a tag was made"
}
refuses "usage: scripts/release VERSION"
refuses "usage: scripts/release VERSION" 1.2
refuses "version.h says $version, not 999.0.0" 999.0.0 --no-test
git tag -d "v$version" >/dev/null 2>&1 || true
sed -i "s/^## $version\$/## before/" CHANGELOG.md
git commit -qam "no section" || true
refuses "CHANGELOG.md has no section \"## $version\"" "$version" --no-test
sed -i "0,/^## Next\$/s//## $version/" CHANGELOG.md
grep -q "^## $version\$" CHANGELOG.md || sed -i "1a\\
\\
## $version\\
\\
Something that is new." CHANGELOG.md
refuses "not all is committed" "$version" --no-test
git commit -qam "The section has the version's name"

scripts/release "$version" --no-test --dry-run >"$tmp/out" 2>&1 || fail "dry run: $(cat "$tmp/out")"
[ ! -e dist ] || fail "a dry run writes"
scripts/release "$version" --no-test >"$tmp/out" 2>&1 || fail "release: $(cat "$tmp/out")"
[ -d "dist/$version" ] || finish
cd "dist/$version"
sha256sum --quiet -c SHA256SUMS >"$tmp/out" 2>&1 || fail "checksums: $(cat "$tmp/out")"
[ "$(wc -l <SHA256SUMS)" = $(($(ls | wc -l) - 1)) ] || fail "not every file has a checksum: $(ls)"
tar -tzf "tapeless-$version.tar.gz" "tapeless-$version/README.md" >/dev/null || fail "the source"
dpkg-deb -f "$(ls tapeless_"$version"_*.deb)" Version | grep -qx "$version" || fail "the package"
ls tapeless-"$version"-*.whl >/dev/null || fail "the wheel: $(ls)"
tar -xzf "tapeless-$version-sample.tar.gz" -C "$tmp"
gcc -std=c99 -Wall -Werror -c "$tmp/sunspots/sunspots.c" -o "$tmp/sunspots.o" >"$tmp/out" 2>&1 || fail "the sample: $(head -n 5 "$tmp/out")"
cd "$clone"
[ "$(git cat-file -t "v$version")" = tag ] || fail "the tag is not annotated"
git cat-file -p "v$version" | grep -qx "tapeless $version" || fail "the tag says $(git cat-file -p "v$version" | tail -n 3)"
refused=0
scripts/release "$version" --no-test >"$tmp/out" 2>"$tmp/err" || refused=$?
[ $refused = 2 ] || fail "a second release: exit status $refused"
grep -q "there is a tag v$version; a release is made once" "$tmp/err" || fail "a second release: $(cat "$tmp/err")"
finish
