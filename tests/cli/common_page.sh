# What the tests of a page need. Sourced.

# specs PAGE DIR: each block of Lua that begins with the line `-- NAME.lua` becomes DIR/NAME.lua.
specs() {
    awk -v dir="$2" '/^```lua$/ { getline; if ($0 ~ /^-- [a-z_]+\.lua/) { out = $2; sub(/:$/, "", out); out = dir "/" out } }
        /^```$/ { out = "" } out != "" { print > out }' "$1"
}

# commands PAGE: what stands indented by four and begins with tapeless, a command a line.
commands() {
    awk '/^    tapeless / { text = ""; going = 1 }
        going { sub(/^ +/, ""); going = sub(/\\$/, ""); text = text $0; if (!going) print text }' "$1"
}
