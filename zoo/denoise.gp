# Three seconds of bands: heard, after the gains, the voice alone.
set multiplot layout 3,1
unset key
unset colorbox
set palette defined (0 '#112244', 1 '#4477aa', 2 '#ffee99')
set cbrange [-20:10]
set xrange [0:300]
set yrange [0.5:12.5]
set ytics 4
set lmargin 12
names = "heard cleaned voice"
do for [k=0:2] { set ylabel word(names, k + 1); plot dir.'/picture' index k using 1:2:3 with image }
