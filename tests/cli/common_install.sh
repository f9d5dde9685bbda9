# Sourced behind common.sh by tests that install. CTest runs them one at a time: the build has one manifest.
install_to() { # PREFIX: what was installed is listed in $tmp/manifest; the build's own manifest stays as it was
    manifest=$BUILD/install_manifest.txt
    rm -f "$tmp/own_manifest"
    [ ! -e "$manifest" ] || mv "$manifest" "$tmp/own_manifest"
    cmake --install "$BUILD" --prefix "$1" >"$tmp/installed" 2>&1 || fail "install: $(tail -n 5 "$tmp/installed")"
    mv "$manifest" "$tmp/manifest"
    [ ! -e "$tmp/own_manifest" ] || mv "$tmp/own_manifest" "$manifest"
}

page=docs/install.md
page_file() { # NAME: the block of the page that is this file, by its fence or by its first line
    awk -v name="$1" '
        /^```/ { inside = !inside; named = $NF == name; first = inside; next }
        first { named = named || $2 == name || $2 == name ":"; first = 0 }
        inside && named' $page
}
make_project() { # DIRECTORY NAME...: a folder with these files of the page
    mkdir -p "$1"
    project=$1
    shift
    for name; do
        page_file "$name" >"$project/$name"
        [ -s "$project/$name" ] || fail "$page has no $name"
    done
}
