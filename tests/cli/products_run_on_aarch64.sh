# product.h as NEON has it, by a cross compiler, under an emulator: every product, as test_product.c tries them.
set -eu
cc=aarch64-linux-gnu-gcc
command -v $cc >/dev/null && command -v qemu-aarch64 >/dev/null || {
    echo "SKIPPED: there is no $cc, or no qemu-aarch64"
    exit 0
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
flags="-std=c11 -D_GNU_SOURCE -ffp-contract=fast -Wall -Wextra -Wpedantic -Wshadow -Werror
    -Iruntime -Itests/unit -Itests/tools/cmocka_alone"
for variant in v16,16 plain,0; do
    for real in 4 8; do
        define="-DVARIANT=${variant%,*}_f$((8 * real)) -DTL_VECTOR_BYTES=${variant#*,} -DTL_REAL_BYTES=$real"
        # shellcheck disable=SC2086
        $cc -O2 $flags $define -c tests/unit/product/variant.c -o "$dir/${variant%,*}_$real.o"
        # shellcheck disable=SC2086
        $cc -O3 $flags $define -DCONSTANT -c tests/unit/product/variant.c -o "$dir/${variant%,*}_${real}_constant.o"
    done
done
# shellcheck disable=SC2086
$cc -O2 -static $flags tests/unit/test_product.c "$dir"/*.o -lm -o "$dir/test"
qemu-aarch64 "$dir/test"
