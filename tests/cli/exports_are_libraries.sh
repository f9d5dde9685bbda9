# `export` as C, from an empty folder: NAME_weights.h goes with what compile --single-file wrote, and with nothing else; a library for
# Arduino and a component for ESP-IDF have the structure that is asked for, and build and run where what they stand on is
# a stand-in: Serial and delay, idf_component_register and FreeRTOS.
. tests/cli/common.sh
case $TAPELESS in /*) ;; *) TAPELESS=$PWD/$TAPELESS ;; esac
export PATH="$(dirname "$TAPELESS"):$PATH"
cp models/sunspots.lua models/elman.lua models/data/sunspots.csv "$tmp"
cd "$tmp" || exit 1
tapeless train sunspots.lua -D hidden=8 --data sunspots.csv --epochs 3 --engine interpreter -c s.st >out 2>&1 || fail "train: $(cat out)"
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion -Werror"

# Weights, for C that was compiled without.
tapeless compile sunspots.lua -D hidden=8 --single-file --no-blas --no-libm -o alone >out 2>&1 || fail "compile: $(cat out)"
[ ! -e alone/sunspots_weights.h ] || fail "weights of nothing"
tapeless export sunspots.lua -c s.st -o alone/sunspots_weights.h >out 2>&1 || fail "export: $(cat out)"
cat >predict.c <<'C'
#include <stdio.h>
#include "sunspots_weights.h"
int main(void)
{
    static sunspots_predictor p;
    sunspots_start(&p, sunspots_weights);
    for (sunspots_input x; scanf("%f", x.sunspots) == 1;) {
        sunspots_output y;
        sunspots_encode(&x);
        sunspots_predict(&p, sunspots_weights, &x, &y);
        sunspots_decode(&y);
        printf("%.5f\n", (double)y.sunspots[0]);
    }
    return 0;
}
C
# shellcheck disable=SC2086
cc -std=c99 $strict predict.c alone/sunspots.c -Ialone -o predict || fail "predict.c does not compile"
tail -n +2 sunspots.csv | cut -d, -f2 | ./predict >got || fail "predict"
tapeless predict sunspots.lua -c s.st --data sunspots.csv -o want.csv >out 2>&1 || fail "tapeless predict: $(cat out)"
tail -n +2 want.csv | awk -F, '{ print $NF }' | paste - got |
    awk '{ d = $1 - $2; if (!(d * d < 1e-6)) bad++ } END { exit bad || NR < 300 }' || fail "it predicts otherwise: $(tail -2 want.csv; tail -2 got)"
cp alone/sunspots_weights.h kept.h
if tapeless export sunspots.lua -c s.st -o alone/sunspots_weights.h >out 2>&1; then fail "a file is written over"; fi
grep -q 'it exists; --overwrite replaces it' out || fail "written over: $(cat out)"
tapeless export sunspots.lua -c s.st -o alone/sunspots_weights.h --overwrite >out 2>&1 && cmp -s kept.h alone/sunspots_weights.h || fail "again: $(cat out)"
echo 'int mine;' >mine.h
if tapeless export sunspots.lua -c s.st -o mine.h --overwrite >out 2>&1; then fail "a file of the user's is written over"; fi
[ "$(cat mine.h)" = 'int mine;' ] || fail "mine.h is lost"
tapeless compile sunspots.lua -D hidden=9 --single-file --no-blas -o other >out 2>&1 && cp kept.h other/sunspots_weights.h
if cc -std=c99 -c predict.c -Iother -o predict.o 2>out; then fail "weights go with another model"; fi
grep -q 'was compiled with other options' out || fail "the compiler says: $(cat out)"

# From a file of weights, which does not know what they were trained on, and back: the same score, to the last digit.
tapeless export sunspots.lua -c s.st -o w.safetensors >out 2>&1 && tapeless import sunspots.lua -D hidden=8 w.safetensors -c back.st >out 2>&1 ||
    fail "export, import: $(cat out)"
for file in s.st back.st; do
    tapeless eval sunspots.lua -D hidden=8 -c $file --data sunspots.csv --engine interpreter --json >"$file.json" 2>out || fail "eval $file: $(cat out)"
done
grep -v trained_on s.st.json >s.json; cmp -s s.json back.st.json || fail "another score after export and import"

# Arduino.
mkdir stub
cat >stub/Arduino.h <<'C'
#include <stdio.h>
struct Printer {
    void begin(long) {}
    void println(const char *s) { puts(s); }
    void println(double x) { printf("%g\n", x); }
};
extern Printer Serial;
void delay(unsigned long);
C
cat >stub/main.cpp <<'C'
#include "Arduino.h"
Printer Serial;
void delay(unsigned long) {}
void setup();
void loop();
int main() { setup(); for (int i = 0; i < 40; i++) loop(); }
C
library() { # DIR OPTIONS...
    dir=$1
    shift
    tapeless export sunspots.lua -c s.st --arduino "$dir" "$@" >out 2>&1 || fail "--arduino $*: $(cat out)"
    for field in name version author maintainer sentence paragraph category url architectures includes; do
        grep -q "^$field=." "$dir/library.properties" || fail "library.properties has no $field"
    done
    grep -qE '^version=[0-9]+\.[0-9]+\.[0-9]+$' "$dir/library.properties" || fail "no version"
    [ -f "$dir/src/$(sed -n 's/^includes=//p' "$dir/library.properties")" ] || fail "what is to be included is not in src"
    awk -F'\t' '/^#/ { next } NF != 2 || $2 !~ /^KEYWORD[12]$/ { exit 1 }' "$dir/keywords.txt" || fail "keywords.txt: $(cat "$dir/keywords.txt")"
    cut -f1 "$dir/keywords.txt" | grep -v '^#' | while read -r word; do grep -q "\b$word\b" "$dir"/src/*.h || echo "$word"; done >unknown
    [ ! -s unknown ] || fail "keywords of nothing: $(cat unknown)"
    # shellcheck disable=SC2086
    gcc -std=c99 $strict -O1 -c "$dir/src/sunspots.c" -o model.o || fail "$dir: src is not clean"
    for sketch in "$dir"/examples/*/*.ino; do
        [ "$(basename "$sketch" .ino)" = "$(basename "$(dirname "$sketch")")" ] || fail "$sketch has not its folder's name"
        g++ -std=c++11 -Wall -Wextra -Werror -x c++ -include stub/Arduino.h -I"$dir/src" -c "$sketch" -o sketch.o || fail "$sketch does not compile"
        g++ -Istub stub/main.cpp sketch.o model.o -o sketch && ./sketch >"printed" || fail "$sketch does not run"
        [ "$(grep -c '^[-0-9.e+]*$' printed)" = 40 ] || fail "$sketch prints $(head -3 printed)"
    done
}
library ard --no-libm
[ ! -e ard/examples/Learn ] || fail "it learns without --online"
library ard_online --online --no-libm
[ -f ard_online/examples/Learn/Learn.ino ] || fail "there is no program that learns"
library ard_int8 --quantise int8 --calibrate sunspots.csv
if command -v arm-none-eabi-gcc >/dev/null; then
    arm-none-eabi-gcc -mcpu=cortex-m0plus -mthumb -std=gnu11 -Os -c ard_int8/src/sunspots.c -o model.o || fail "it is not for a board"
fi

# ESP-IDF.
mkdir -p idf/tools/cmake idf/freertos
cat >idf/tools/cmake/project.cmake <<'C'
function(idf_component_register)
    cmake_parse_arguments(A "" "" "SRCS;INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES" ${ARGN})
    get_filename_component(name ${CMAKE_CURRENT_SOURCE_DIR} NAME)
    add_library(${name} STATIC ${A_SRCS})
    set(COMPONENT_LIB ${name} PARENT_SCOPE)
    foreach(dir ${A_INCLUDE_DIRS})
        target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/${dir})
    endforeach()
    target_compile_options(${name} PRIVATE -Wall -Wextra -Werror)
    target_include_directories(${name} PUBLIC $ENV{IDF_PATH})
    set_property(GLOBAL APPEND PROPERTY COMPONENTS ${name})
endfunction()
macro(project name)
    _project(${name} C)
    foreach(dir ${EXTRA_COMPONENT_DIRS} ${CMAKE_SOURCE_DIR}/main)
        get_filename_component(component ${dir} REALPATH)
        get_filename_component(last ${component} NAME)
        add_subdirectory(${component} ${last})
    endforeach()
    get_property(components GLOBAL PROPERTY COMPONENTS)
    list(REMOVE_ITEM components main)
    target_link_libraries(main PUBLIC ${components})
    add_executable(${name} $ENV{IDF_PATH}/start.c)
    target_link_libraries(${name} PRIVATE main ${components})
endmacro()
C
echo '#define pdMS_TO_TICKS(x) (x)' >idf/freertos/FreeRTOS.h
echo 'void vTaskDelay(int);' >idf/freertos/task.h
printf '#include <stdlib.h>\nvoid app_main(void);\nstatic int n;\nvoid vTaskDelay(int t) { (void)t; if (++n == 5) exit(0); }\nint main(void) { app_main(); }\n' >idf/start.c
for kind in "" "--online --no-libm" "--quantise int16 --calibrate sunspots.csv"; do
    rm -rf esp build
    # shellcheck disable=SC2086
    tapeless export sunspots.lua -c s.st --esp-idf esp $kind >out 2>&1 || fail "--esp-idf $kind: $(cat out)"
    for key in '^version: "[0-9]' '^description: .' '^dependencies:'; do
        grep -q "$key" esp/idf_component.yml || fail "idf_component.yml has no $key"
    done
    IDF_PATH=$tmp/idf cmake -S esp/examples/predict -B build >out 2>&1 && IDF_PATH=$tmp/idf cmake --build build >out 2>&1 ||
        fail "--esp-idf $kind: $(tail -20 out)"
    [ "$(./build/predict | grep -c '^[-0-9.e+]*$')" = 5 ] || fail "--esp-idf $kind: the program does not run"
done

# What a user goes on from stays as it is; sources and weights are replaced.
echo '// my sensors' >>ard/examples/Predict/Predict.ino
sed -i 's/^version=.*/version=2.0.0/' ard/library.properties
cp ard/src/sunspots_weights.h weights.before
tapeless train sunspots.lua -D hidden=8 --data sunspots.csv --epochs 4 --engine interpreter -c t.st >out 2>&1 || fail "train: $(cat out)"
tapeless export sunspots.lua -c t.st --arduino ard --no-libm >out 2>&1 || fail "again: $(cat out)"
grep -q 'my sensors' ard/examples/Predict/Predict.ino && grep -q '^version=2' ard/library.properties || fail "a user's changes are lost"
cmp -s weights.before ard/src/sunspots_weights.h && fail "the weights are the old ones"

# Numbers of another type are not taken.
tapeless compile sunspots.lua -D hidden=8 --single-file --no-blas -o single >out 2>&1 && tapeless export sunspots.lua -c s.st -p f64 -o single/sunspots_weights.h >out 2>&1 ||
    fail "export -p f64: $(cat out)"
if cc -std=c99 -c predict.c -Isingle -o predict.o 2>out; then fail "weights of f64 go with code of f32"; fi

refused() { # SENTENCE COMMAND...
    sentence=$1
    shift
    if "$@" >out 2>&1; then fail "$*: it is done"; fi
    grep -qF -- "$sentence" out || fail "$*: $(cat out)"
}
refused "take one of them" tapeless export sunspots.lua -c s.st --arduino a --esp-idf b
refused "take one of them" tapeless export sunspots.lua -c s.st --arduino a -o b.h
refused "take one of them" tapeless export sunspots.lua -c s.st --arduino a --fmu b.fmu
refused "--online is of --arduino and --esp-idf" tapeless export sunspots.lua -c s.st --online
refused "not of --fmu" tapeless export sunspots.lua -c s.st --fmu b.fmu --online
refused "--step-size is of --fmu" tapeless export sunspots.lua -c s.st --arduino a --step-size 2
refused "is of one lane" tapeless export sunspots.lua -c s.st --arduino a --quantise int8 --calibrate sunspots.csv --batch 3
refused "say on which data" tapeless export sunspots.lua -c s.st --arduino a --quantise int8
refused "none.st" tapeless export sunspots.lua -c none.st --arduino a
echo mine >ard/keywords.txt
refused "was not written by tapeless" tapeless export sunspots.lua -c s.st --arduino ard
finish
