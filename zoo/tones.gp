# A word of each class, as the filter bank hears it.
set multiplot layout 1,7
unset colorbox
unset key
set tics scale 0
unset xtics
unset ytics
set palette defined (0 '#ffffff', 1 '#4477aa', 2 '#112244')
set cbrange [-3:4]
set yrange [0.5:8.5]
set lmargin 1
set rmargin 1
names = "low-mid-high low-high-mid mid-low-high mid-high-low high-low-mid high-mid-low noise"
do for [w=0:6] { set title word(names, w + 1); plot dir.'/picture' index w using 1:2:3 with image }
