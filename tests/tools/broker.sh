#!/bin/sh
# A real Kafka broker (KRaft, one node) on 127.0.0.1 for tests.
#   broker.sh fetch               the jars, once per user
#   broker.sh start FOLDER PORT   returns when it answers; FOLDER keeps its data over restarts
#   broker.sh stop FOLDER         in good order
#   broker.sh kill FOLDER         at once
# KAFKA_VERSION chooses another version than 4.3.1. Must hold: start leaves no process behind when it fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=${KAFKA_VERSION:-4.3.1}
jars=${XDG_CACHE_HOME:-$HOME/.cache}/weir/kafka-$version

fail() {
	echo "broker.sh: $*" >&2
	exit 1
}

fetch() {
	[ ! -d "$jars" ] || return 0
	mkdir -p "$(dirname "$jars")"
	work=$(mktemp -d "$jars.XXXXXX")
	mvn -q -B -f "$here/kafka-pom.xml" dependency:copy-dependencies -Dkafka.version="$version" -DincludeScope=runtime \
		-DoutputDirectory="$work" || {
		rm -rf "$work"
		fail "the broker's jars cannot be fetched"
	}
	mv -T "$work" "$jars" 2>/dev/null || rm -rf "$work" # somebody else was faster
}

configure() {
	cat >"$1/server.properties" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$(($2 + 1))
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$(($2 + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$2
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$1/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.segment.bytes=67108864
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=8388608
num.io.threads=4
num.network.threads=2
EOF
	cat >"$1/log4j2.yaml" <<EOF
Configuration:
  Appenders:
    File: { name: f, fileName: "$1/server.log", PatternLayout: { pattern: "%d %p %c{1} %m%n" } }
  Loggers:
    Root: { level: WARN, AppenderRef: { ref: f } }
EOF
}

run_java() {
	folder=$1
	shift
	exec java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true \
		-Dlog4j2.configurationFile="$folder/log4j2.yaml" -cp "$jars/*" "$@"
}

answers() {
	# A connection is enough: the listener opens when the broker is ready.
	python3 -c "import socket; socket.create_connection(('127.0.0.1', $1), 1)" 2>/dev/null
}

start() {
	fetch
	mkdir -p "$1"
	configure "$1" "$2"
	[ -f "$1/data/meta.properties" ] ||
		(run_java "$1" kafka.tools.StorageTool format -t V2VpclRlc3RDbHVzdGVyMQ -c "$1/server.properties") >"$1/format.log" 2>&1 ||
		fail "formatting failed: $(tail -n 5 "$1/format.log")"
	(run_java "$1" kafka.Kafka "$1/server.properties") >"$1/stdout.log" 2>&1 </dev/null &
	echo $! >"$1/pid"
	for _ in $(seq 600); do
		answers "$2" && return 0
		kill -0 "$(cat "$1/pid")" 2>/dev/null || fail "the broker ended: $(tail -n 5 "$1/stdout.log")"
		sleep 0.1
	done
	stop "$1" KILL
	fail "the broker does not answer after a minute"
}

stop() {
	[ -f "$1/pid" ] || return 0
	pid=$(cat "$1/pid")
	kill -"${2:-TERM}" "$pid" 2>/dev/null || :
	for _ in $(seq 200); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL "$pid" 2>/dev/null || :
	rm -f "$1/pid"
}

case ${1:-} in
fetch) fetch ;;
start) start "$2" "$3" ;;
stop) stop "$2" ;;
kill) stop "$2" KILL ;;
*) fail "fetch | start FOLDER PORT | stop FOLDER | kill FOLDER" ;;
esac
