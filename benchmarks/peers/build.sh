#!/usr/bin/env bash
# Builds all peers that the benchmarks compare with: the C++ kernels, the Ceres peer; and says whether CHOLMOD is there,
# of which only the library of the system is needed (Debian: libcholmod3, with OpenBLAS as its BLAS).
#   build.sh                  fails where a Debian package is missing, and names it
#   build.sh --if-available   leaves out what packages are missing for (exit 0): the benchmarks do, too
#   build.sh --install        installs missing packages by apt-get first (as root)
set -euo pipefail
cd "$(dirname "$0")"

mode="${1:-}"
case "$mode" in
    "" | --if-available | --install) ;;
    *) sed -n '2,6s/^# //p' "$0" >&2; exit 2 ;;
esac

missing=()
command -v cmake > /dev/null || missing+=(cmake)
command -v c++ > /dev/null || missing+=(g++)
library() { ldconfig -p 2> /dev/null | grep -q "$1"; }
if [ "$mode" = --install ]; then
    library libcholmod.so.3 || missing+=(libcholmod3)
    library libopenblas.so.0 || missing+=(libopenblas0-pthread)
    [ ${#missing[@]} -eq 0 ] || apt-get install -y "${missing[@]}"
elif [ ${#missing[@]} -gt 0 ]; then
    echo "the C++ peers need Debian's ${missing[*]} (apt-get install ${missing[*]}, or $0 --install)"
    [ "$mode" = --if-available ] && echo "the C++ peers are left out" && exit 0
    exit 1
fi

cmake -S . -B build -DCMAKE_BUILD_TYPE=Release > /dev/null
cmake --build build --parallel 2 > /dev/null
echo "C++ peers built: $PWD/build"
ceres/build.sh "$mode"
if library libcholmod.so.3 && library libopenblas.so.0; then
    echo "CHOLMOD: $(ldconfig -p | grep -m 1 libcholmod.so.3 | sed 's/.*=> //'), $(ldconfig -p | grep -m 1 libopenblas.so.0 | sed 's/.*=> //')"
else
    echo "CHOLMOD or OpenBLAS is not installed (apt-get install libcholmod3 libopenblas0-pthread): left out"
fi
