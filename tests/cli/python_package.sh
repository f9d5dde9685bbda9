# `pip install .` makes a package; from an empty folder it compiles specs, trains, predicts and differentiates as the command line
# tool does, its commands run on tables in memory, its errors are the tool's sentences, and what the documentation shows is so. A
# PyTorch LSTM's weights are taken over where PyTorch is installed (bench/setup does that).
. tests/cli/common.sh
if ! python3 -m venv "$tmp/venv" >"$tmp/out" 2>&1; then
    echo "skipped: python3 makes no virtual environment; install python3-venv"
    exit 77
fi
if ! "$tmp/venv/bin/pip" install --quiet --disable-pip-version-check numpy scikit-build-core >"$tmp/out" 2>"$tmp/err"; then
    echo "skipped: pip cannot install numpy and scikit-build-core: $(tail -n 1 "$tmp/err")"
    exit 77
fi
# What is made is kept at a place that stays: another run builds what changed. It is the package that is tested here and not the
# speed of it, so nothing is optimised; scripts/release makes the wheel as it is shipped.
if command -v ccache >/dev/null; then export CMAKE_C_COMPILER_LAUNCHER=ccache; fi
rm -f "$BUILD"/python/tapeless-*.whl
"$tmp/venv/bin/pip" wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps --config-settings=build-dir="$BUILD/python" \
    --config-settings=cmake.build-type=Debug --config-settings=cmake.define.CMAKE_C_FLAGS_DEBUG= \
    -w "$BUILD/python" . >"$tmp/out" 2>"$tmp/err" && "$tmp/venv/bin/pip" install --quiet --disable-pip-version-check "$BUILD"/python/tapeless-*.whl \
    >"$tmp/out" 2>"$tmp/err" || fail "pip install: $(tail -n 30 "$tmp/err")"
git status --porcelain >"$tmp/out" 2>/dev/null || true
! grep -q 'egg-info\|_skbuild' "$tmp/out" || fail "pip leaves files in the tree: $(cat "$tmp/out")"

ROOT=$PWD PYTHONPATH=$PWD/python/tests PYTHONDONTWRITEBYTECODE=1
export ROOT PYTHONPATH PYTHONDONTWRITEBYTECODE
mkdir "$tmp/empty"
run_tests() { # PYTHON NAME
    (cd "$tmp/empty" && "$1" "$ROOT/python/tests/test_$2.py") >"$tmp/out" 2>&1 || fail "$2: $(cat "$tmp/out")"
    echo "$2: $(tail -n 3 "$tmp/out" | tr '\n' ' ')"
}
[ "$failures" = 0 ] || finish
"$tmp/venv/bin/python" -c "import sys, numpy; print('Python', sys.version.split()[0], 'numpy', numpy.__version__)"
[ "$(cd "$tmp/empty" && "$tmp/venv/bin/tapeless" show "$ROOT/models/elman.lua" | head -n 1)" = "$("$TAPELESS" show "$PWD/models/elman.lua" | head -n 1)" ] ||
    fail "the command tapeless"
run_tests "$tmp/venv/bin/python" tool
run_tests "$tmp/venv/bin/python" package
run_tests "$tmp/venv/bin/python" commands

# Tables that are not NumPy's take packages of 100 MB, which are to be asked for.
if [ -z "${PANDAS:-}" ]; then
    echo "not run: tables of pandas and pyarrow; PANDAS=1 installs these"
elif "$tmp/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: pandas pyarrow >"$tmp/out" 2>"$tmp/err"; then
    run_tests "$tmp/venv/bin/python" commands
else
    echo "not run: pip cannot install pandas and pyarrow: $(tail -n 1 "$tmp/err")"
fi

# The same wheel on a newer Python than the system's, where there is one: the newest of those on PATH or of pyenv's.
is_newer() { "$1" -c "import sys; sys.exit(sys.version_info[:2] <= ($(python3 -c 'import sys; print("%d, %d" % sys.version_info[:2])')))" 2>/dev/null; }
newer=
for minor in 18 17 16 15 14 13 12; do
    for python in "python3.$minor" "${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor".*/bin/python3; do
        [ -n "$newer" ] || ! is_newer "$python" || newer=$python
    done
done
if [ -z "$newer" ]; then
    echo "not run: there is no Python newer than the system's"
elif "$newer" -m venv "$tmp/newer" >"$tmp/out" 2>&1 &&
    "$tmp/newer/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: numpy >"$tmp/out" 2>&1; then
    "$tmp/newer/bin/pip" install --quiet --disable-pip-version-check "$BUILD"/python/tapeless-*.whl >"$tmp/out" 2>&1 || fail "the wheel is not for $newer: $(cat "$tmp/out")"
    "$tmp/newer/bin/python" -c "import sys, numpy; print('Python', sys.version.split()[0], 'numpy', numpy.__version__)"
    run_tests "$tmp/newer/bin/python" tool
    run_tests "$tmp/newer/bin/python" package
    run_tests "$tmp/newer/bin/python" commands
else
    echo "not run: $newer has no numpy: $(tail -n 1 "$tmp/out")"
fi

# The package is Python and a library for ctypes: another Python that has PyTorch takes it as it is.
torch="${TAPELESS_BENCH:-$HOME/.cache/tapeless-bench}/venv/bin/python"
if "$torch" -c "import torch, numpy" 2>/dev/null; then
    mkdir "$tmp/alone"
    cp -r "$("$tmp/venv/bin/python" -c "import os, tapeless; print(os.path.dirname(tapeless.__file__))")" "$tmp/alone/"
    PYTHONPATH=$PYTHONPATH:$tmp/alone
    run_tests "$torch" torch
else
    echo "not run: there is no PyTorch to take an LSTM from; bench/setup installs it"
fi
finish
