#!/bin/sh
# /inserts-stream over HTTP/2, with curl as the client. usage: inserts_stream.sh WEIR. 77: curl is missing or has no HTTP/2.
curl --version 2>/dev/null | grep -q HTTP2 || exit 77
weir=$1 port=$((20000 + $$ % 20000)) folder=$(mktemp -d)
"$weir" server --data "$folder/data" --listen 127.0.0.1:$port --registry-listen off 2>"$folder/log" &
server=$!
trap 'kill $server 2>/dev/null; wait $server; rm -rf "$folder"' EXIT
url=http://127.0.0.1:$port
for _ in $(seq 100); do curl -s "$url/info" >/dev/null && break; sleep 0.05; done
curl -s "$url/ksql" -d "{\"ksql\":\"CREATE STREAM INS (ID STRING KEY, N INT, \`low\` STRING, T TIMESTAMP) WITH (KAFKA_TOPIC='ins', PARTITIONS=1, VALUE_FORMAT='JSON');\"}" >/dev/null
failed=0
expect() { # what, wanted, body
	got=$(printf "$3" | curl -s --http2-prior-knowledge --data-binary @- "$url/inserts-stream" | tr '\n' '|')
	[ "$got" = "$2" ] && return
	echo "$1: wanted $2, got $got"
	failed=1
}
expect rows '{"seq":0,"status":"ok"}|{"seq":1,"status":"ok"}|' '{"target":"ins"}\n{"ID":"1","N":1}\n{"id":"2","`low`":"l","T":"2024-01-01T00:00:00.123"}'
expect 'bad row' '{"seq":0,"status":"ok"}|{"@type":"InsertError","status":"error","seq":1,"message":"Key field must be specified: ID","error_code":40000}|' '{"target":"INS"}\n{"ID":"3"}\n{"N":1}\n{"ID":"4"}\n'
rows=$(curl -s "$url/query-stream" -d '{"sql":"SELECT * FROM INS;"}' | sed 1d | tr '\n' '|')
[ "$rows" = '["1",1,null,null]|["2",null,"l","2024-01-01T00:00:00.123"]|["3",null,null,null]|' ] || { echo "rows: $rows"; failed=1; }
code=$(curl -s -o /dev/null -w '%{http_code}' --http1.1 -d '{"target":"INS"}' "$url/inserts-stream")
[ "$code" = 400 ] || { echo "HTTP/1.1: $code"; failed=1; }
exit $failed
