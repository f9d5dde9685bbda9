# A C compiler that compiles generated C after a sed script has spoiled it: CC="sh tests/cli/common_spoiled_cc.sh", SPOIL
# the script, SPOILED a directory for the spoiled files.
n=$#
while [ "$n" -gt 0 ]; do
    word=$1
    shift
    n=$((n - 1))
    case $word in
    *.c)
        copy=$SPOILED/$(basename "$word")
        sed "$SPOIL" "$word" >"$copy"
        set -- "$@" "-I$(dirname "$word")" "$copy"
        ;;
    *) set -- "$@" "$word" ;;
    esac
done
exec cc "$@"
