# A free run beside the truth, and its error.
set multiplot layout 2,1
set grid lc '#dddddd'
set lmargin 10
set xrange [*:*] noextend
set ylabel what
set key above
plot dir.'/picture' every step using ($1*unit):2 with lines lw 2 lc '#bbbbbb' title 'truth', '' every step using ($1*unit):3 with lines lc '#4477aa' title 'free run'
set logscale y
set ytics 100
set format y '10^{%T}'
set xlabel time
set ylabel 'error'
plot dir.'/picture' every step using ($1*unit):4 with lines lc '#cc3311' notitle
