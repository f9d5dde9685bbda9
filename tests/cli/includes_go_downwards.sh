# A file of compiler/ or runtime/ includes what stands in its own room or in one below it, never what stands above
# or beside; the runtime includes nothing of the compiler. A header of runtime/tapeless belongs to the room of the
# .c of its name; those that have none are listed here.
. tests/cli/common.sh
compiler="graph / front passes / schedule / emit / compile / cli / pages" # from the ground up; compile is compiler/compile.[ch]
runtime="base / abi / mpi files interp / data / update / commands"
headers="fmi2:abi fixed:abi dropmask:base linkage:base tapeless:abi words:abi program:abi real:abi interp_internal:interp table_parts:data
    elementary:abi elementary_bits:abi elementary_f32:abi elementary_f64:abi elementary_libm:abi clones:base
    product:abi product_dots:abi product_panels:abi product_tile:abi product_vector:abi rows:abi version:abi"
find compiler runtime -name '*.[ch]' | sort >"$tmp/files"
# shellcheck disable=SC2046 # paths are words
grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*("|<tapeless/)' $(cat "$tmp/files") >"$tmp/includes" || fail "no includes"
awk -v compiler="$compiler" -v runtime="$runtime" -v headers="$(echo $headers)" '
    function levels(top, line,    word, n, i, level) {
        n = split(line, word, " ")
        for (i = 1; i <= n; i++)
            if (word[i] == "/") level++
            else height[top "/" word[i]] = level + 1
    }
    function no_room(path, why) { print path ": " why; wrong = 1 }
    BEGIN {
        levels("compiler", compiler); levels("runtime", runtime)
        n = split(headers, word)
        for (i = 1; i <= n; i++) { split(word[i], part, ":"); room["runtime/tapeless/" part[1] ".h"] = "runtime/" part[2] }
    }
    FILENAME ~ /files$/ { # each file has a room that is listed
        path[++npaths] = $0
        n = split($0, part, "/")
        if (part[2] == "tapeless") next
        in_room = part[1] "/" (n > 2 ? part[2] : substr(part[2], 1, length(part[2]) - 2))
        room[$0] = in_room; used[in_room] = 1
        if (part[1] == "runtime" && part[n] ~ /\.c$/) of_name[substr(part[n], 1, length(part[n]) - 2)] = in_room
        if (!height[in_room]) no_room($0, "the room " in_room " is not listed")
        next
    }
    !ready {
        ready = 1
        for (i = 1; i <= npaths; i++) {
            if (path[i] !~ /^runtime\/tapeless\//) continue
            n = split(path[i], part, "/"); name = substr(part[n], 1, length(part[n]) - 2)
            if (of_name[name]) room[path[i]] = of_name[name]
            if (!room[path[i]]) no_room(path[i], "no " name ".c has a room, and it is not listed")
        }
    }
    {
        match($0, /^[^:]*:[0-9]*/); at = substr($0, 1, RLENGTH)
        from = at; sub(/:.*/, "", from)
        match($0, /["<][^">]*[">]/); what = substr($0, RSTART + 1, RLENGTH - 2)
        inside = from ~ /^runtime/ ? "runtime" : "compiler"
        to = what ~ /^tapeless\// ? "runtime/" what : inside == "compiler" ? "compiler/" what : \
            what ~ /\.inc\.h$/ ? room[from] "/" what : "runtime/tapeless/" what
        if (!room[to]) { no_room(at, what " is nothing of " inside "/"); next }
        seen[inside]++
        if (index(room[to], inside) != 1 || room[to] == room[from]) next # the compiler may include all of the runtime
        if (height[room[to]] >= height[room[from]]) no_room(at, room[from] " includes " what " of " room[to])
    }
    END {
        for (r in height) if (!used[r]) no_room(r, "nothing stands there")
        if (seen["compiler"] < 200 || seen["runtime"] < 300) no_room("includes", "only " seen["compiler"] + 0 " and " seen["runtime"] + 0 " found")
        exit wrong
    }' "$tmp/files" "$tmp/includes" || fail "an include goes upwards, or sideways"
finish
