#!/usr/bin/env bash
# Installs the built tree into an empty prefix and builds and runs an outside project against it.
#   run.sh BINARY_DIR SOURCE_DIR
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/prefix" > /dev/null
cmake -S "$2/tests/install" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release > "$work/log" \
  || { cat "$work/log"; exit 1; }
cmake --build "$work/build" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/build/user"
# The installed program finds its own libraries and data, with no word of the build tree.
cd /
"$work/prefix/bin/vorrat" --version
