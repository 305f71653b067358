#!/bin/sh
# A real Schema Registry (Apicurio, with Confluent's API) on 127.0.0.1 for tests.
#   registry.sh fetch               the jars, once per user
#   registry.sh start FOLDER PORT   returns when it answers under http://127.0.0.1:PORT/apis/ccompat/v7; FOLDER keeps its data
#   registry.sh stop FOLDER         in good order
#   registry.sh kill FOLDER         at once
# Must hold: start leaves no process behind when it fails; the cache's folder is whole or not there.
set -eu
version=${APICURIO_VERSION:-2.6.13.Final}
jars=${XDG_CACHE_HOME:-$HOME/.cache}/weir/apicurio-$version

fail() {
	echo "registry.sh: $*" >&2
	exit 1
}

fetch() {
	[ ! -d "$jars" ] || return 0
	mkdir -p "$(dirname "$jars")"
	work=$(mktemp -d "$jars.XXXXXX")
	{
		mvn -q -B dependency:copy -DoutputDirectory="$work" -Dartifact="io.apicurio:apicurio-registry-app:$version:tar.gz:all" &&
			tar -xzf "$work"/apicurio-registry-app-*.tar.gz -C "$work" && rm "$work"/apicurio-registry-app-*.tar.gz
	} || {
		rm -rf "$work"
		fail "the registry's jars cannot be fetched"
	}
	mv -T "$work" "$jars" 2>/dev/null || rm -rf "$work" # somebody else was faster
}

# The canonical hash: the same schema with other white space is the same schema, as Confluent's registry has it.
run_java() {
	runner=$(find "$jars" -name '*-runner.jar')
	[ -n "$runner" ] || fail "no runner in $jars"
	cd "$1"
	exec java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true \
		-Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$2" -Dregistry.ccompat.use-canonical-hash=true \
		-DREGISTRY_DATASOURCE_URL="jdbc:h2:file:$1/registry" -jar "$runner"
}

answers() {
	curl -fsS -o /dev/null "http://127.0.0.1:$1/apis/ccompat/v7/subjects" 2>/dev/null
}

start() {
	fetch
	mkdir -p "$1"
	(run_java "$1" "$2") >"$1/stdout.log" 2>&1 </dev/null &
	echo $! >"$1/pid"
	trap 'stop "$1" KILL; exit 130' INT TERM
	for _ in $(seq 900); do
		kill -0 "$(cat "$1/pid")" 2>/dev/null || fail "the registry ended: $(tail -n 5 "$1/stdout.log")"
		! answers "$2" || return 0
		sleep 0.1
	done
	stop "$1" KILL
	fail "the registry does not answer after 90 seconds"
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
