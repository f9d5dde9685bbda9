# How often the class is right, by how long what was read is.
set grid lc '#dddddd'
set yrange [0:1]
set ylabel 'right'
set xlabel read
set xrange [*:*] noextend
unset key
plot dir.'/picture' using 1:2 with linespoints pt 7 ps 0.5 lw 2 lc '#4477aa'
