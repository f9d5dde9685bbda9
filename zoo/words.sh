text="$(size 1200 8) $(size 20 4) $(size 20 2)"
data train.txt "train $text"
data test.txt "test $text"
data trigram "trigram $text"
train --data "$dir/train.txt" --unit word --other "$(size 20 2)" --valid 0 --epochs "$(size 2 1)"
evaluate --data "$dir/test.txt"
into "$dir/said" "$tapeless" sample "zoo/$name.lua" --checkpoint "$dir/weights" --length 60 --temperature 0.7 --prime "in the beginning" --seed 1
trigram=$(cat "$dir/trigram")
draw curve 720,240 "every_n = 20; base = log($trigram); said = 'a trigram model, of the test: $trigram'; what = 'cross entropy'"
report perplexity "$(of eval.json loss_perplexity_per_word)" below 30 "a trigram model of the same words: $trigram"
