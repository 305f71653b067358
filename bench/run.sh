#!/bin/sh
# make bench: the workloads of docs/BENCHMARKS.md on the embedded log and on a real broker. SCALE=0.2 (of 3 M rows) unless given.
set -eu
cd "$(dirname "$0")/.."
build=$(cd "${BUILD:-build}" && pwd)
cmake --build "$build" --target weir make_data kafka_copy log_bench >/dev/null
echo "On the embedded log:"
python3 bench/run.py "$build" --scale "${SCALE:-0.2}"
echo "On Kafka (a broker of its own on this machine):"
tests/kafka/with_broker.sh python3 bench/run.py "$build" --scale "${SCALE:-0.2}"
