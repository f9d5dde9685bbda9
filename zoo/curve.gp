# The loss of each update, and what a constant answer has.
set datafile separator ','
set logscale y
set grid ytics lc '#dddddd'
set xlabel 'update'
set ylabel what
set key top right
if (!exists("every_n")) every_n = 4
plot dir.'/log.csv' using 1:(column('loss')) every every_n with lines lc '#4477aa' notitle, base with lines lw 2 dt 2 lc '#cc3311' title said
