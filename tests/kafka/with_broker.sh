#!/bin/sh
# Runs a command against a broker of its own: with_broker.sh COMMAND…
# The command finds BROKERS (host:port), BROKER_FOLDER and BROKER_PORT in its environment. With BROKERS set already, that one is used.
set -eu
[ -z "${BROKERS:-}" ] || exec "$@"
tools=$(cd "$(dirname "$0")/../tools" && pwd)
BROKER_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/weir-kafka.XXXXXX")
BROKER_PORT=$(python3 -c '
import socket
while True:
    a, b = socket.socket(), socket.socket()
    a.bind(("127.0.0.1", 0))
    port = a.getsockname()[1]
    try:
        b.bind(("127.0.0.1", port + 1))
    except (OSError, OverflowError):
        continue
    print(port)
    break')
BROKERS=127.0.0.1:$BROKER_PORT
export BROKER_FOLDER BROKER_PORT BROKERS
trap '"$tools/broker.sh" kill "$BROKER_FOLDER"; rm -rf "$BROKER_FOLDER"' EXIT
trap 'exit 130' INT TERM
"$tools/broker.sh" start "$BROKER_FOLDER" "$BROKER_PORT"
"$@"
