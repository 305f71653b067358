#!/bin/sh
# Runs every fuzzer for SECONDS_EACH seconds, two at a time; findings stay in tests/fuzz/findings/<name>/ and fail the run.
set -eu
cd "$(dirname "$0")"
build=../../${BUILD:-build-fuzz}
seconds=${SECONDS_EACH:-60}
failed=0
for fuzzer in "$build"/tests/fuzz/fuzz_*; do
	[ -x "$fuzzer" ] && [ -f "$fuzzer" ] || continue
	name=$(basename "$fuzzer")
	name=${name#fuzz_}
	mkdir -p "findings/$name" "$build/corpus/$name"
	echo "== $name, ${seconds}s"
	"$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=0 -verbosity=0 \
		-artifact_prefix="findings/$name/" "$build/corpus/$name" "corpus/$name" 2>"$build/$name.log" || {
		tail -n 30 "$build/$name.log"
		failed=1
	}
	rmdir "findings/$name" 2>/dev/null || true
done
rmdir findings 2>/dev/null || true
exit $failed
