#!/bin/sh
# Fetches librdkafka's sources, checks them, and builds the static library:  build_librdkafka.sh PREFIX
# The result is PREFIX/lib/librdkafka.a and PREFIX/include/librdkafka/rdkafka.h; PREFIX appears whole or not at all, so that
# several builds may run at once. Why the sources come from npm: docs/decisions/004-librdkafka.md.
set -eu
prefix=$1
package=@confluentinc/kafka-javascript@1.10.1
sha512=29578f5019f6d44a8254ff667f1cc4b8cdd26091c7105ed7fa2882d9ee374108034b211a92c2279821a8a13df0e6af9c340764482acaef58f42027eaa12a992f

[ ! -f "$prefix/lib/librdkafka.a" ] || exit 0
command -v npm >/dev/null 2>&1 || {
	echo "librdkafka's sources come as an npm package: install npm, or configure with -DWEIR_SYSTEM_RDKAFKA=ON (2.8 or later)" >&2
	exit 1
}
mkdir -p "$(dirname "$prefix")"
work=$(mktemp -d "$prefix.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "$package" >/dev/null || {
	echo "librdkafka's sources ($package) cannot be fetched: is the npm registry within reach?" >&2
	exit 1
}
echo "$sha512  $(ls ./*.tgz)" | sha512sum -c --quiet - || {
	echo "librdkafka's sources are not the ones expected" >&2
	exit 1
}
tar xzf ./*.tgz
cd package/deps/librdkafka
# No sanitizer or fuzzer flags of the caller's: the library is built once for all.
{
	env -u CFLAGS -u LDFLAGS -u CC ./configure --disable-gssapi --disable-curl --disable-lz4-ext --enable-static --CFLAGS='-O2 -g1'
	make -C src -j "${JOBS:-$(nproc)}" librdkafka.a
} >"$work/build.log" 2>&1 || {
	tail -n 40 "$work/build.log" >&2
	exit 1
}
mkdir -p "$work/prefix/lib" "$work/prefix/include/librdkafka"
cp src/librdkafka.a "$work/prefix/lib/"
cp src/rdkafka.h src/rdkafka_mock.h "$work/prefix/include/librdkafka/"
cp LICENSES.txt "$work/prefix/"
mv -T "$work/prefix" "$prefix" 2>/dev/null || [ -f "$prefix/lib/librdkafka.a" ]
