#!/bin/sh
# The main job on this machine alone: change data of a small shop goes into the embedded log, three pipelines in SQL turn it
# into event topics, and everything is shown as the terminal client shows it.
#   BUILD=build demo/run.sh          KEEP=1 leaves the folder with the data behind
#   BROKERS=HOST:PORT demo/run.sh    the same on your Kafka; it makes its topics there and leaves them
# Must hold: nothing is left running, whatever happens; a wrong result ends with a status other than 0.
# shellcheck disable=SC2086 # $where is two words
set -eu
cd "$(dirname "$0")/.."
weir=${BUILD:-build}/weir
make_shop=${BUILD:-build}/make_shop
folder=$(mktemp -d "${TMPDIR:-/tmp}/weir-demo.XXXXXX")
data=$folder/data
server_pid=
brokers=${BROKERS:-}
if [ -n "$brokers" ]; then where="--brokers $brokers"; else where="--data $data"; fi

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold= plain=; fi

finish() {
	[ -z "$server_pid" ] || { kill "$server_pid" && wait "$server_pid" || :; } 2>/dev/null
	[ -n "${KEEP:-}" ] || rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() {
	printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

fail() {
	printf 'demo: %s\n' "$*" >&2
	sed 's/^/  server: /' "$folder/server.log" >&2
	exit 1
}

# The server picks its ports itself, so that the demo runs beside anything; its log tells which.
start_server() {
	"$weir" server --data "$data" ${brokers:+--set "bootstrap.servers=$brokers"} --listen 127.0.0.1:0 --registry-listen 127.0.0.1:0 2>"$folder/server.log" &
	server_pid=$!
	for _ in $(seq 400); do
		line=$(grep 'listens on port' "$folder/server.log" || :)
		[ -z "$line" ] || break
		kill -0 "$server_pid" 2>/dev/null || fail 'the server did not start'
		sleep 0.05
	done
	[ -n "$line" ] || fail 'the server did not start within twenty seconds'
	url=http://127.0.0.1:$(echo "$line" | sed 's/.* port \([0-9]*\), its.*/\1/')
	registry=http://127.0.0.1:$(echo "$line" | sed 's/.*Schema Registry on port \([0-9]*\).*/\1/')
}

# Prints the ids that the registry gave, in the schemas' order.
register_schemas() {
	mkdir "$folder/schemas"
	"$make_shop" schemas "$folder"
	for file in "$folder"/schemas/*.json; do # in the order of their numbers, which have one digit
		subject=$(basename "$file" .json | cut -d. -f2-)
		answer=$(curl -sS -H 'content-type: application/vnd.schemaregistry.v1+json' --data-binary "@$file" \
			"$registry/subjects/$subject/versions")
		id=$(echo "$answer" | sed -n 's/.*"id": *\([0-9]*\).*/\1/p')
		[ -n "$id" ] || fail "the registry refused $subject: $answer"
		echo "$id"
	done
}

load() {
	"$weir" topic create "$1" $where >/dev/null
	"$weir" topic produce "$1" --jsonl "$folder/$1.jsonl" $where 2>"$folder/produce.log" || fail "$(cat "$folder/produce.log")"
	printf '  %-32s %6d records\n' "$1" "$(wc -l <"$folder/$1.jsonl")"
}

# pipeline FILE, reading its sources from their beginning
pipeline() {
	"$weir" sql --server "$url" --echo -f "$1" || fail "$1 failed"
}

query() {
	"$weir" sql --server "$url" --echo -e "$1" || fail "this query failed: $1"
}

# Waits until the topic holds as many events as the shop's own count says, and takes no other number for an answer.
check() {
	expected=$(sed -n "s/^$1 //p" "$folder/expected")
	for _ in $(seq 300); do
		have=$("$weir" topic consume "$1" --jsonl --from-beginning --exit-at-end $where 2>/dev/null | wc -l)
		[ "$have" -lt "$expected" ] || break
		sleep 0.1
	done
	[ "$have" -eq "$expected" ] || fail "$1 has $have events, not the $expected that the shop counted"
	printf '\n%s: %d events, as many as the shop counted itself. The first ones:\n' "$1" "$have"
	first_of "$1" 3
}

first_of() {
	"$weir" topic consume "$1" --jsonl --from-beginning --exit-at-end $where 2>/dev/null | head -n "$2"
}

say 'A shop on MySQL, as Debezium tells it: Avro envelopes, schemas in the registry, one of them evolving in mid-stream'
start_server
ids=$(register_schemas)
# shellcheck disable=SC2086 # the ids are separate words
"$make_shop" records "$folder" $ids
for topic in EVENT_MYSQL.EVENT.NAME EVENT_MYSQL.EVENT.SUBMIT EVENT_MYSQL.SHOP.PURCHASE EVENT_MYSQL.SHOP.USER_OPTION; do
	load "$topic"
done

say '1. User events with the name of the event, for the CRM (demo/1-event-names.sql)'
pipeline demo/1-event-names.sql
query "set 'auto.offset.reset'='earliest'; select after->id, after->user_id, after->event_id, op from \`stg_submit\` emit changes limit 3;"
query 'select * from `tb_event_name` limit 5;'
check STREAM.EVENT.JOIN
first_of STREAM.EVENT.JOIN 1 | grep -qF '\"event_name\":\"봄 맞이 이벤트\",\"event_time\":\"2024-03-20T10:00:00Z\"' ||
	fail 'the first event is not the expected one'

say "2. A user's first ever purchase (demo/2-first-purchase.sql)"
pipeline demo/2-first-purchase.sql
check EVENT.FIRST.PURCHASE

say '3. An option that users switch on and off (demo/3-option-changes.sql)'
pipeline demo/3-option-changes.sql
check EVENT.PUSH.OPTION
query 'show queries;'

say 'That was weir. Now try it yourself:'
cat <<EOF
  ${BUILD:-build}/weir server                 a server on http://localhost:8088, its data in ./weir-data, a Schema Registry on 8081
  ${BUILD:-build}/weir sql                    the terminal client: type the statements of demo/*.sql, end each with ;
  ${BUILD:-build}/weir topic list             the topics; produce and consume work while the server runs
  ${BUILD:-build}/weir test tests/sql         SQL in, rows out, in milliseconds: write your own
EOF
