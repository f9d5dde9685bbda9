# The C compiler of run.sh, with less optimisation: most of a case's time would go into it. Options that
# come later win. Both variables may hold several words, or none.
exec ${REAL_CC:-cc} "$@" $OPTIMISE
