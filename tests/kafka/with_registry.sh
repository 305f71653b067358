#!/bin/sh
# Runs a command beside a Schema Registry of its own: with_registry.sh COMMAND…
# The command finds REGISTRY (its URL), REGISTRY_FOLDER and REGISTRY_PORT in its environment.
set -eu
tools=$(cd "$(dirname "$0")/../tools" && pwd)
REGISTRY_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/weir-registry.XXXXXX")
REGISTRY_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
REGISTRY=http://127.0.0.1:$REGISTRY_PORT/apis/ccompat/v7
export REGISTRY_FOLDER REGISTRY_PORT REGISTRY
trap '"$tools/registry.sh" kill "$REGISTRY_FOLDER"; rm -rf "$REGISTRY_FOLDER"' EXIT
trap 'exit 130' INT TERM
"$tools/registry.sh" start "$REGISTRY_FOLDER" "$REGISTRY_PORT"
"$@"
