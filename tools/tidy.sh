#!/usr/bin/env bash
# Lints every source with clang-tidy 19 (version 14 cannot read GCC 12's <expected>); needs a configured build folder.
#   tools/tidy.sh [BUILD] [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
shift || true
program=$(command -v clang-tidy-19) || { echo "tidy: install clang-tidy-19" >&2; exit 3; }
files=("$@")
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(git ls-files 'vorrat/*.cpp' | grep -v '_test\.cpp$')
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 4 "$program" -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option
