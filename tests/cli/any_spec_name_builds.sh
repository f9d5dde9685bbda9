# A spec may be called what the runtime, C or the system's headers call something of theirs.
. tests/cli/common.sh
for name in tapeless random trainer math stdint cblas tl tl_buffers int 9lives _x a-b; do
    sed 's/tanh(p/dropout(tanh(p/; s/p.b)$/p.b), 0.1)/' models/elman.lua >"$tmp/$name.lua"
    grep -q dropout "$tmp/$name.lua" || fail "models/elman.lua has changed: no dropout put into it"
    out=$("$TAPELESS" diff "$tmp/$name.lua" -D hidden=3 -p f64 2>&1) || fail "$name.lua: $out"
    case $out in *warning*) fail "$name.lua: $out" ;; esac
done
finish
