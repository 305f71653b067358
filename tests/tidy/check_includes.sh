#!/bin/sh
# Holds the sources to the direction of dependence: a folder of src/ may include only the folders listed for it here.
# The table is docs/ARCHITECTURE.md's. Also: every third-party header has one owner folder.
set -eu

allowed() {
	case $1 in
	base) echo "" ;;
	types) echo "base" ;;
	json) echo "base" ;;
	sql) echo "base" ;;
	functions) echo "base types json" ;;
	formats) echo "base types json" ;;
	http) echo "base" ;;
	lmdb) echo "base" ;;
	log) echo "base lmdb" ;;
	registry) echo "base json http log" ;;
	store) echo "base lmdb" ;;
	expr) echo "base types functions" ;;
	catalog) echo "base types formats expr" ;;
	analyze) echo "base types sql functions formats expr catalog" ;;
	plan) echo "base types sql functions formats expr catalog analyze" ;;
	operators) echo "base types functions expr store plan formats" ;;
	runtime) echo "base types functions expr store plan formats log operators" ;;
	engine) echo "base types json sql functions formats expr catalog analyze plan store log operators runtime registry" ;;
	server) echo "base types json log engine http registry" ;;
	cli) echo "base json sql http log engine server" ;;
	testing) echo "base types json sql functions formats expr catalog plan log runtime registry engine" ;;
	main) echo "base log registry engine http server cli testing json" ;;
	*) echo "?" ;;
	esac
}

bad=0
for part in src/*/; do
	part=$(basename "$part")
	may=" $part $(allowed "$part") "
	includes=$(grep -rnE '^#include "[a-z]+/' "src/$part" --include='*.[ch]' | sed -E 's/^([^:]+:[0-9]+):#include "([a-z]+)\/.*/\1 \2/' || true)
	echo "$includes" | while read -r place folder; do
		[ -n "$folder" ] || continue
		case $may in
		*" $folder "*) ;;
		*) echo "$place: src/$part must not include $folder/" ;;
		esac
	done
done >/tmp/weir-includes.$$
owner() { # header-pattern folder
	grep -rlE "#include <($1)" src --include='*.[ch]' | grep -v "^src/$2" | sed "s#\$#: <$1> belongs to src/$2#" || true
}
{
	owner 'librdkafka/|rdkafka' log/kafka
	owner 'lmdb\.h' lmdb
	owner 'nghttp2/' http
	owner 'curl/' http
	owner 'histedit\.h' cli
	owner 'gmp\.h' types
	owner 'uniwidth\.h' cli
	owner 'pcre2\.h' functions/regex/regex.c
} >>/tmp/weir-includes.$$
if [ -s /tmp/weir-includes.$$ ]; then
	cat /tmp/weir-includes.$$
	bad=1
fi
rm -f /tmp/weir-includes.$$
exit $bad
