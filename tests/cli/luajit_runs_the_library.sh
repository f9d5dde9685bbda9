# The generated binding NAME_ffi.lua loads libNAME.so into LuaJIT; the gradient it gets is right.
. tests/cli/common.sh
for model in elman lstm sunspots; do
    "$TAPELESS" build models/$model.lua -o "$tmp" --precision f64
    luajit tests/ffi/gradient.lua "$tmp" $model || fail "$model"
done
finish
