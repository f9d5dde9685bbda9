# The record with anomalies shaded, and how far the forecast is off.
set multiplot layout 2,1
set grid lc '#dddddd'
set lmargin 10
set xrange [20:44]
set ylabel 'mV'
plot dir.'/picture' using 1:($4 ? 3 : -2) with filledcurves y1=-2 fc '#f4d0c8' notitle, '' using 1:2 with lines lc '#333333' notitle
set ylabel 'residual'
set xlabel 'seconds'
set yrange [0:*]
plot dir.'/picture' using 1:($4 ? 0.6 : 0) with filledcurves y1=0 fc '#f4d0c8' notitle, '' using 1:3 with lines lc '#cc3311' notitle
