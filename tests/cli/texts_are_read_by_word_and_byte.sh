# A text by word and by byte: the checkpoint knows which, what is generated has blanks where they belong, scores are for each word;
# rare words are one; a file that is no UTF-8 is read by byte; an option that contradicts is refused.
. tests/cli/common.sh
make_text "$tmp/text"
words=$small

run() { # COMMAND options...
    "$TAPELESS" "$@" --engine interpreter >"$tmp/out" 2>"$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "$*"; }
}
says() { # TEXT: in the output or on stderr
    grep -qF -- "$1" "$tmp/out" "$tmp/err" || { cat "$tmp/out" "$tmp/err"; fail "no '$1'"; }
}
refuse() { # TEXT COMMAND...
    text=$1
    shift
    "$TAPELESS" "$@" --engine interpreter >"$tmp/out" 2>"$tmp/err" && fail "$* is accepted"
    says "$text"
}

# shellcheck disable=SC2086 # $words is several words
{
    run train $words --data "$tmp/text" --unit word --epochs 40 --lr 2e-2 -c "$tmp/w"
    says "charlstm: 23 different words; "
    says valid_loss_perplexity_per_word
    run eval $words --data "$tmp/text" -c "$tmp/w"
    awk '$1 == "loss" { loss = $2 } $1 == "loss_perplexity_per_word" { p = $2 } $1 == "steps" { steps = $2 }
        END { exit !(p > 1 && (p - exp(loss)) ^ 2 < 1e-6 * p * p && steps == 10499) }' "$tmp/out" || { cat "$tmp/out"; fail "the perplexity"; }
    run eval $words --data "$tmp/text" -c "$tmp/w" --confusion
    grep -Eq "^ +river +[0-9]" "$tmp/out" || fail "a word has no row: $(cat "$tmp/out")"
    run train $words --data "$tmp/text" --resume --epochs 41 -c "$tmp/w"
    run train $words --data "$tmp/text" --resume --epochs 42 --unit word -c "$tmp/w"
    refuse "the model was trained on a text, and this is about tables; \`sample\` writes on from a text" predict $words --data "$tmp/text" -c "$tmp/w"
    refuse "--unit byte: the model was trained by word" eval $words --data "$tmp/text" --unit byte -c "$tmp/w"
    refuse "--other: the model was trained without <other>" eval $words --data "$tmp/text" --other 2 -c "$tmp/w"

    # Every word that is generated is one of the text, words have one blank between them, and the prime stands there as it was given.
    run sample $words -c "$tmp/w" --length 300 --prime "the river sees."
    head -n 1 "$tmp/out" | grep -q "^the river sees\." || fail "the prime: $(cat "$tmp/out")"
    tr -c 'a-z' '\n' <"$tmp/out" | grep . | sort -u >"$tmp/said"
    tr -c 'a-z' '\n' <"$tmp/text" | grep . | sort -u >"$tmp/known"
    [ "$(wc -l <"$tmp/said")" -gt 10 ] || fail "few words are generated: $(cat "$tmp/out")"
    [ -z "$(comm -23 "$tmp/said" "$tmp/known")" ] || fail "words that are none: $(comm -23 "$tmp/said" "$tmp/known")"
    refuse "--prime: token 2 is 'queen', which the text that the model was trained on does not have" \
        sample $words -c "$tmp/w" --prime "the queen"

    # Weights take it along, and so does C.
    run export $words -c "$tmp/w" -o "$tmp/weights"
    run import $words "$tmp/weights" -c "$tmp/imported"
    run eval $words --data "$tmp/text" -c "$tmp/imported"
    says loss_perplexity_per_word
    "$TAPELESS" compile $words --single-file --params "$tmp/w" -o "$tmp/c" >"$tmp/out" 2>&1 || fail "compile: $(cat "$tmp/out")"
    echo '#include "charlstm_weights.h"' >"$tmp/c/reads.c"
    ${CC:-cc} -std=c11 -Wpedantic -Werror -fsyntax-only "$tmp/c/reads.c" || fail "the weights do not compile"
    grep -q '"\\012", "\.", "a", "bell"' "$tmp/c/charlstm_weights.h" || fail "the vocabulary in C: $(grep -A3 vocabulary "$tmp/c/charlstm_weights.h")"
}

# Rare words, and those of another text, are one token; which is never drawn.
few="models/charlstm.lua -D vocab=12 -D embed=8 -D hidden=16 -D layers=2"
# shellcheck disable=SC2086
{
    refuse "the text has 23 different words and charlstm takes 12: -D vocab=23, or --other " train $few --data "$tmp/text" --unit word -c "$tmp/none"
    least=$(sed -n 's/.*or --other \([0-9]*\),.*/\1/p' "$tmp/err")
    refuse "<other> among them" train $few --data "$tmp/text" --unit word --other $((least - 1)) -c "$tmp/none"
    run train $few --data "$tmp/text" --unit word --other "$least" --epochs 5 -c "$tmp/o"
    says "% of the words are <other>; "
    echo "the queen of the river, and the 7 stars" >"$tmp/queen"
    run eval $few --data "$tmp/queen" -c "$tmp/o"
    says "% of the words are <other>"
    run sample $few -c "$tmp/o" --length 300
    grep -q other "$tmp/out" && fail "<other> is drawn: $(cat "$tmp/out")"
    run sample $few -c "$tmp/o" --length 1 --prime "the queen"
    grep -q "^the <other>" "$tmp/out" || fail "a word that is not known: $(cat "$tmp/out")"
}

# By byte: what is no text at all.
bytes="models/charlstm.lua -D embed=8 -D hidden=16 -D layers=1"
head -c 20000 "$TAPELESS" >"$tmp/binary"
# shellcheck disable=SC2086
{
    refuse "is not UTF-8; --unit byte reads any file" train $bytes --data "$tmp/binary" -c "$tmp/none"
    run train $bytes --data "$tmp/binary" --unit byte --epochs 2 -c "$tmp/b"
    says "charlstm: by byte; "
    says loss_bits_per_byte
    run eval $bytes --data "$tmp/binary" -c "$tmp/b"
    says "loss_bits_per_byte"
    run sample $bytes -c "$tmp/b" --length 1000 --prime "$(printf 'a\377')"
    [ "$(wc -c <"$tmp/out")" = 1003 ] || fail "of two bytes, a thousand and a line's end there are $(wc -c <"$tmp/out")"
    [ "$(head -c 2 "$tmp/out" | od -An -tx1 | tr -d ' ')" = 61ff ] || fail "the bytes given are not printed"
    refuse "there are 256 bytes and charlstm takes 255: -D vocab=256" train $bytes -D vocab=255 --data "$tmp/binary" --unit byte -c "$tmp/none"
}
printf 'x,y\n1,2\n' >"$tmp/t.csv"
refuse "--unit word: $tmp/t.csv is csv, and no text; --format text if it is one" train models/charlstm.lua --data "$tmp/t.csv" --unit word -c "$tmp/none"
refuse "--unit line: a text is read by char, word or byte" train models/charlstm.lua --data "$tmp/text" --unit line -c "$tmp/none"
finish
