# Every command and every option of --help stands in the manual page and in the completions of bash, zsh and fish, which
# are valid; bash and fish complete, asked as the user's key would ask.
. tests/cli/common.sh
pages=$BUILD/pages
"$TAPELESS" --help | awk '/^  [a-z]/ { print $1 }' >"$tmp/commands"
[ "$(wc -l <"$tmp/commands")" -gt 10 ] || fail "--help shows no commands"

options_of() { # COMMAND: "OUTPUT -o" a line, or "DATA"
    "$TAPELESS" help "$1" | sed -n 's/^  \(-\([A-Za-z]\), \)\{0,1\} *--\([a-z0-9-]*\).*/\3 \2/p'
}
# Of the manual page, what stands under a command and under "OPTIONS OF ALL COMMANDS".
section() { # COMMAND
    awk -v command="$1" '/^\.S[SH]/ { inside = $3 == command || /OPTIONS OF ALL/ } inside' "$pages/tapeless.1" | sed 's/\\-/-/g'
}
# shellcheck source=/dev/null
while read -r command; do
    section "$command" >"$tmp/section"
    awk -v command="$command" '$0 ~ "^        " command "\\) _arguments" { inside = 1 } inside; /;;$/ { inside = 0 }' \
        "$pages/_tapeless" >"$tmp/zsh"
    bash -c '. "$1"; _tapeless_options "$2"; printf "%s\n" $options' - "$pages/tapeless.bash" "$command" >"$tmp/bash"
    grep "from $command'" "$pages/tapeless.fish" >"$tmp/fish"
    options_of "$command" >"$tmp/options"
    [ "$(wc -l <"$tmp/options")" -ge 3 ] || fail "help $command shows no options"
    while read -r name letter; do
        [ "$name" != help ] || continue
        grep -q -- "--$name\\\\fR" "$tmp/section" || fail "manual page: $command --$name"
        grep -qE -- "--$name(=|'|}|\))" "$tmp/zsh" || fail "zsh: $command --$name"
        grep -qx -- "--$name" "$tmp/bash" || fail "bash: $command --$name"
        grep -q -- " -l $name " "$tmp/fish" || fail "fish: $command --$name"
        [ -n "$letter" ] || continue
        grep -q -- "fB-$letter\\\\fR, " "$tmp/section" || fail "manual page: $command -$letter"
        grep -q -- "{-${letter}[+,]" "$tmp/zsh" || fail "zsh: $command -$letter"
        grep -qx -- "-$letter" "$tmp/bash" || fail "bash: $command -$letter"
        grep -q -- " -s $letter " "$tmp/fish" || fail "fish: $command -$letter"
    done <"$tmp/options"
done <"$tmp/commands"

# ---- bash completes ----
mkdir -p "$tmp/here/models"
touch "$tmp/here/a spec.lua" "$tmp/here/data.csv"
cat >"$tmp/press.bash" <<'B'
# press.bash COMPLETIONS WORD... - the last word is what stands before the cursor; prints what is offered.
. "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
compopt() { :; } # is of a completion that readline has begun
_tapeless
printf '%s\n' "${COMPREPLY[@]}"
B
offers() { # WANTED, words: it is among what is offered
    wanted=$1
    shift
    (cd "$tmp/here" && bash "$tmp/press.bash" "$pages/tapeless.bash" "$@") >"$tmp/offered"
    grep -qxF -- "$wanted" "$tmp/offered" || fail "bash: '$*' offers $(tr '\n' ' ' <"$tmp/offered"), not $wanted"
}
offers_only() { # WANTED, words
    offers "$@"
    [ "$(wc -l <"$tmp/offered")" = 1 ] || fail "bash: '$*' offers $(tr '\n' ' ' <"$tmp/offered")"
}
while read -r command; do
    offers "$command" tapeless ""
    offers "$command" tapeless help ""
done <"$tmp/commands"
offers_only train tapeless tr
offers "--version" tapeless --v
offers_only --epochs tapeless train x.lua --ep
offers_only --epochs tapeless -D hidden=3 train x.lua --ep
offers_only --epochs tapeless --define = hidden=3 train x.lua --ep
offers_only --dot tapeless show --do
offers "" tapeless show --epo
offers_only f64 tapeless train x.lua --precision f6
offers_only f64 tapeless train x.lua -p f6
offers_only f64 tapeless train x.lua --precision = f6
offers "adamw" tapeless train x.lua --optimizer =
offers "no-fuse" tapeless show x.lua -O no-f
offers_only interpreter tapeless train x.lua --engine i
offers_only "a spec.lua" tapeless train a
offers_only models tapeless train mo
offers "" tapeless train d
offers_only data.csv tapeless train x.lua --data d
offers_only models tapeless compile x.lua -o m
offers "" tapeless train x.lua --epochs d
offers data.csv tapeless import x.lua d
# As readline asks: the function is registered for the program.
bash -c '. "$1"; complete -p tapeless' - "$pages/tapeless.bash" | grep -q "_tapeless tapeless" || fail "bash is not told"

# ---- each is valid ----
for shell in bash zsh fish; do
    file=tapeless.$shell
    [ $shell != zsh ] || file=_tapeless
    if command -v $shell >/dev/null; then
        $shell -n "$pages/$file" 2>"$tmp/err" && [ ! -s "$tmp/err" ] || fail "$shell: $(cat "$tmp/err")"
    else
        echo "there is no $shell: its completion is not looked at"
    fi
done
if command -v fish >/dev/null; then
    fish --no-config -c "source $pages/tapeless.fish; complete -C 'tapeless train x.lua --ep'" 2>/dev/null | grep -q '^--epochs' ||
        fail "fish does not complete"
fi
if command -v zsh >/dev/null; then # _arguments in a terminal of its own
    cat >"$tmp/press.zsh" <<Z
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; fpath=($pages \\\$fpath); autoload -U compinit && compinit -u -D -d $tmp/zcompdump; LISTMAX=1000; echo rea''dy"
zpty -r -m z line '*ready*'
zpty -n -w z \$'tapeless train x.lua --epoc\\t'
zpty -r -m z line '*--epochs*'
print -r -- "\$line"
Z
    timeout 20 zsh -f "$tmp/press.zsh" >"$tmp/out" 2>"$tmp/err" && grep -q -- "--epochs" "$tmp/out" || fail "zsh does not complete: $(cat "$tmp/err")"
fi
if command -v man >/dev/null && man --help 2>/dev/null | grep -q warnings; then
    LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$pages/tapeless.1" 2>"$tmp/err" >/dev/null
    [ ! -s "$tmp/err" ] || fail "man: $(cat "$tmp/err")"
else
    echo "there is no man: the page is not looked at by it"
fi
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$pages/tapeless.1" >"$tmp/out" 2>&1 || :
    grep -v "missing date" "$tmp/out" >"$tmp/err" || :
    [ ! -s "$tmp/err" ] || fail "mandoc: $(cat "$tmp/err")"
else
    echo "there is no mandoc: the page is not looked at by it"
fi
finish
