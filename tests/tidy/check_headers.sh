#!/bin/sh
# Every header compiles alone: whoever includes it needs nothing else first.
set -eu
bad=0
for header in $(git ls-files 'src/*.h' 'src/**/*.h' | sort -u); do
	[ -f "$header" ] || continue
	printf '#include "%s"\n' "${header#src/}" |
		${CC:-cc} -std=gnu17 -D_GNU_SOURCE -DWEIR_VERSION='""' -Isrc ${THIRD_PARTY_INCLUDES:+-isystem "$THIRD_PARTY_INCLUDES"} -fsyntax-only -Wall -Wextra -Wno-unused-parameter -Werror -x c - || {
		echo "$header does not compile alone"
		bad=1
	}
done
exit $bad
