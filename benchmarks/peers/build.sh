#!/usr/bin/env bash
# Builds the C++ peers that the benchmarks compare with. Needs cmake and a C++ compiler; without them benchmarks leave the peers out.
set -euo pipefail
cd "$(dirname "$0")"
cmake -S . -B build -DCMAKE_BUILD_TYPE=Release > /dev/null
cmake --build build --parallel 2 > /dev/null
echo "peers built: $PWD/build"
