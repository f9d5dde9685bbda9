# What a user does to ship a model, by the installed program, with nothing of the build or the source beside it: programs of the
# pages and the README, fixed point, libraries for boards, the microcontroller's example, FMUs.
. tests/cli/common.sh
. tests/cli/common_install.sh
install_to "$tmp/usr"
unset TAPELESS_HOME
export TAPELESS="$tmp/usr/bin/tapeless" TAPELESS_CACHE="$tmp/cache"
for test in documented_single_file_programs documented_fixed_point exports_are_libraries decoded_logits_are_probabilities readme_programs_run \
    fmu_is_a_file cortex_m_learns_as_the_host; do
    status=0
    sh tests/cli/$test.sh >"$tmp/said" 2>&1 || status=$?
    [ $status = 0 ] || [ $status = 77 ] || fail "$test: $(cat "$tmp/said")"
done
finish
