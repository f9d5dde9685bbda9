# excerpt FILE BLOCK: BLOCK's pieces, separated by lines "...", stand in FILE in this order.
excerpt() {
    awk -v file="$1" 'BEGIN { while ((getline line < file) > 0) text = text line "\n"; ok = 1 }
        function find() { if (piece == "") return
            at = index(text, piece); if (!at) { ok = 0; printf "not in %s:\n%s", file, piece }
            text = substr(text, at + length(piece)); piece = "" }
        /^ *\.\.\.$/ { find(); next }
        { piece = piece $0 "\n" }
        END { find(); exit !ok }' "$2"
}
