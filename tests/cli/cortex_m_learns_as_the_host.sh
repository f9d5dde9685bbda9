# examples/cortex-m: a program that learns online, from weights of the desk, on an emulated Cortex-M4F and on RISC-V, prints the
# same bits as on the host; its loss rises where the signal drifts, and falls again. In fixed point one that forecasts does on a
# Cortex-M0+, which has no floating point.
. tests/cli/common.sh
for tool in arm-none-eabi-gcc qemu-system-arm riscv64-linux-gnu-gcc qemu-riscv64; do
    command -v $tool >/dev/null || { echo "not run: there is no $tool (scripts/packages.txt)"; exit 77; }
done
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
make -f examples/cortex-m/Makefile "BUILD=$tmp/b" "TAPELESS=$TAPELESS" all "$tmp/b/drift-riscv" "$tmp/b/forecast-riscv" >"$tmp/out" 2>&1 || fail "make: $(tail -5 "$tmp/out")"
"$tmp/b/drift-host" >"$tmp/host" 2>"$tmp/said" || fail "the host: $(cat "$tmp/said")"
board() { # PROGRAM
    timeout 120 qemu-system-arm -M mps2-an386 -icount shift=0 -display none -monitor none -serial none \
        -semihosting-config enable=on,target=native -kernel "$1"
}
board "$tmp/b/drift.elf" >"$tmp/all" 2>&1 </dev/null || fail "Cortex-M4F: $(cat "$tmp/all")"
grep -v '^#' "$tmp/all" >"$tmp/board" || :
cmp "$tmp/host" "$tmp/board" || fail "Cortex-M4F learns otherwise: $(paste "$tmp/host" "$tmp/board")"
qemu-riscv64 "$tmp/b/drift-riscv" >"$tmp/riscv" 2>"$tmp/err" || fail "RISC-V: $(cat "$tmp/err")"
cmp "$tmp/host" "$tmp/riscv" || fail "RISC-V learns otherwise: $(paste "$tmp/host" "$tmp/riscv")"
awk 'NR == 2 { desk = $2 } NR == 3 { drifted = $2 } NR == 10 { last = $2 } END { exit !(NR == 10 && drifted > 2 * desk && last < drifted / 2) }' \
    "$tmp/host" || fail "it does not follow: $(cat "$tmp/host")"
grep -q '^# learner [0-9]* bytes, update [0-9]* instructions$' "$tmp/all" || fail "nothing is counted: $(cat "$tmp/all")"

"$tmp/b/forecast-host" >"$tmp/host" 2>"$tmp/said" || fail "the host forecasts: $(cat "$tmp/said")"
board "$tmp/b/forecast.elf" >"$tmp/all" 2>&1 </dev/null || fail "Cortex-M0+: $(cat "$tmp/all")"
grep -v '^#' "$tmp/all" | cmp "$tmp/host" - || fail "Cortex-M0+ forecasts otherwise: $(cat "$tmp/all")"
qemu-riscv64 "$tmp/b/forecast-riscv" 2>"$tmp/err" | cmp "$tmp/host" - || fail "RISC-V forecasts otherwise"
awk 'NR <= 4 && !($2 < 3000) { bad = 1 } END { exit bad || NR != 6 }' "$tmp/host" || fail "it forecasts badly: $(cat "$tmp/host")"
grep -q '^# predictor [0-9]* bytes, forecast [0-9]* instructions$' "$tmp/all" || fail "nothing is counted: $(cat "$tmp/all")"
! arm-none-eabi-nm -u "$tmp/b/int8/drift.o" | grep -v -e memcpy -e memset -e __gnu_thumb1_case -e __aeabi_l -e __aeabi_i ||
    fail "the step needs: $(arm-none-eabi-nm -u "$tmp/b/int8/drift.o")"
finish
