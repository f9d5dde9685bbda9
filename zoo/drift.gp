# The error of the last 40 references while the sensors age.
set grid lc '#dddddd'
set xlabel 'rows since the training'
set ylabel 'RMS error'
set yrange [0:*]
set key top left
plot dir.'/picture' every 2 using 1:2 with lines lc '#cc3311' title 'frozen', '' every 2 using 1:3 with lines lc '#4477aa' title 'goes on learning'
