# The record with anomalies shaded, and how far the forecast is off.
set multiplot layout 2,1
set grid lc '#dddddd'
set lmargin 10
set xrange [20:28]
set yrange [-1.5:2.5]
set style fill solid noborder
set ylabel 'mV'
plot dir.'/picture' index 1 using (($1+$2)/2):(0):1:2:(-1.5):(2.5) with boxxyerror fc '#f4d0c8' notitle, '' index 0 every 2 using 1:2 with lines lc '#333333' notitle
set ylabel 'residual'
set xlabel 'seconds'
set yrange [0:0.4]
plot dir.'/picture' index 1 using (($1+$2)/2):(0):1:2:(0):(0.4) with boxxyerror fc '#f4d0c8' notitle, '' index 0 every 2 using 1:3 with lines lc '#cc3311' notitle
