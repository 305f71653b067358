#!/bin/sh
# clang-format decides layout.
set -eu
command -v clang-format >/dev/null 2>&1 || { echo "skipped: clang-format is not installed"; exit 77; }
git ls-files '*.c' '*.h' | while read -r file; do [ -f "$file" ] && echo "$file"; done | xargs clang-format --dry-run --Werror
