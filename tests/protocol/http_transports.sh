#!/bin/sh
# Each transport with a client that is not ours: HTTP/1.0, HTTP/1.1, h2c by Upgrade, h2c by prior knowledge; frames; load.
set -eu
server=$1
command -v curl >/dev/null 2>&1 || { echo "skipped: curl is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'exec 3>&-; rm -rf "$folder"' EXIT
mkfifo "$folder/in"
"$server" <"$folder/in" >"$folder/port" &
exec 3>"$folder/in"
while [ ! -s "$folder/port" ]; do sleep 0.05; done
url=http://127.0.0.1:$(cat "$folder/port")

check() { # what expected actual
	[ "$2" = "$3" ] || { echo "$1: expected \"$2\", got \"$3\""; exit 1; }
}

for transport in http1.0:1.1 http1.1:1.1 http2:2 http2-prior-knowledge:2; do
	option=--${transport%:*} version=${transport#*:}
	check "$option get" "hello $version 200" "$(curl -s "$option" -w ' %{http_version} %{http_code}' "$url/hello")"
	check "$option post" "POST a=b&c $version 200" "$(curl -s "$option" -w ' %{http_version} %{http_code}' -d 'a=b&c' "$url/echo")"
	check "$option stream" "row 0 row 1 row 2 " "$(curl -s "$option" "$url/stream" | tr '\n' ' ')"
	check "$option head" "200" "$(curl -s "$option" -I -o "$folder/head" -w '%{http_code}' "$url/hello")"
	check "$option missing" "404" "$(curl -s "$option" -o /dev/null -w '%{http_code}' "$url/nowhere")"
done

head -c 3000000 /dev/urandom >"$folder/big"
for option in --http1.1 --http2-prior-knowledge; do
	curl -s $option --data-binary @"$folder/big" "$url/echo" | tail -c +6 | cmp - "$folder/big"
	curl -s $option -H 'Transfer-Encoding: chunked' --data-binary @"$folder/big" "$url/echo" | tail -c +6 | cmp - "$folder/big"
done
check "expect 100" "POST x 200" "$(curl -s -H 'Expect: 100-continue' -d x -w ' %{http_code}' "$url/echo")"

if command -v nghttp >/dev/null 2>&1; then
	check "one write, one frame" 3 "$(nghttp -nv "$url/stream" | grep -c 'recv DATA frame <length=6')"
fi
if command -v h2load >/dev/null 2>&1; then
	for option in "" --h1; do
		check "load $option" 5000 "$(h2load $option -n 5000 -c 50 -m 10 "$url/stream" | sed -n 's/.*, \([0-9]*\) succeeded.*/\1/p')"
	done
fi
echo "all transports answer"
