# Two weeks of the load, its forecast a day before and the week before.
set xdata time
set timefmt '%Y-%m-%dT%H:%M'
set format x '%d %b'
set grid lc '#dddddd'
set ylabel 'MW'
set key above
plot dir.'/picture' using 1:4 with lines lc '#ccbb44' title 'the week before', '' using 1:2 with lines lw 2 lc '#bbbbbb' title 'load', \
    '' using 1:3 with lines lc '#4477aa' title 'forecast'
