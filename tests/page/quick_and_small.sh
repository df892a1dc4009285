#!/usr/bin/env bash
# A report of a great run takes under 2 s and its page stays under 3 MB: quick_and_small.sh VORRAT TABLES.json FOLDER
set -euo pipefail
started=$(date +%s%N)
"$1" report "$2" --html "$3/great.html" --xlsx "$3/great.xlsx" --csv "$3/great-csv"
took=$((($(date +%s%N) - started) / 1000000))
size=$(stat -c %s "$3/great.html")
echo "$took ms, $size bytes"
[ "$took" -lt 2000 ] && [ "$size" -lt 3000000 ]
