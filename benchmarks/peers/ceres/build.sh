#!/usr/bin/env bash
# Builds the Ceres peer into benchmarks/peers/build/ceres, checks it and says which BLAS it is bound to.
#   build.sh                  fails where a Debian package is missing, and names it
#   build.sh --if-available   leaves the peer out (exit 0) where a package is missing
#   build.sh --install        installs missing packages by apt-get first (as root)
set -euo pipefail
cd "$(dirname "$0")"

mode="${1:-}"
case "$mode" in
    "" | --if-available | --install) ;;
    *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac

missing=()
command -v cmake > /dev/null || missing+=(cmake)
command -v c++ > /dev/null || missing+=(g++)
has() { [ -n "$(find /usr/"$1" /usr/local/"$1" -path "*/$2" -print -quit 2> /dev/null)" ]; }
has include ceres/ceres.h || missing+=(libceres-dev)
has lib libopenblas.so || missing+=(libopenblas-dev)

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$mode" = --install ]; then
        apt-get install -y "${missing[@]}"
    else
        echo "the Ceres peer needs Debian's ${missing[*]} (apt-get install ${missing[*]}, or $0 --install)"
        [ "$mode" = --if-available ] && echo "the Ceres peer is left out" && exit 0
        exit 1
    fi
fi

build=../build/ceres
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release > /dev/null
cmake --build "$build" --parallel 2 > /dev/null
export OMP_THREAD_LIMIT=1 OPENBLAS_NUM_THREADS=1
"$build/ceres_peer" --self-test
ldd "$build/ceres_peer" | grep -E 'ceres|cholmod|blas|lapack' | sed 's/ (0x.*//'
"$build/ceres_peer" --version
echo "Ceres peer built: $(realpath "$build")/ceres_peer"
