# A gesture of each class: three axes.
set multiplot layout 1,6
unset key
set yrange [-1.5:2]
set xrange [0:2]
set xtics 1
unset ytics
set grid lc '#dddddd'
set lmargin 1
set rmargin 1
names = "circle counter shake lift taps rest"
do for [w=0:5] {
    set title word(names, w + 1)
    plot for [c=2:4] dir.'/picture' index w using 1:c with lines lc rgb word("#4477aa #cc3311 #228833", c - 1)
}
