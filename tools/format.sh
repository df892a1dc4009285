#!/usr/bin/env bash
# Formats every C++ file of the tree with clang-format 14; with --check, only says which files differ and fails.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(command -v clang-format-14 || command -v clang-format) || { echo "format: install clang-format-14" >&2; exit 3; }
mode=(-i)
[ "${1:-}" = "--check" ] && mode=(--dry-run -Werror)
git ls-files -z --cached --others --exclude-standard '*.h' '*.cpp' | xargs -0 -r "$program" "${mode[@]}"
