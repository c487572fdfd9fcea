#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# serve.sh -- gc-serve's dashboard page beside bare libmicrohttpd with the
# same bytes: requests a second by wrk (which must be there), in turns, the
# median of five. The aim is half of the bare server's or more.
set -eu

cd "$(dirname "$0")/.."
make all >/dev/null
command -v wrk >/dev/null || {
	echo '(wrk is not there)'
	exit 0
}
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
PATH=$PWD/bin:$PATH

gc-mock --seed 1 --records 3000 exec pipelines/bot-performance -o "$dir/run" \
    interval=0.1 2>/dev/null
gc-serve --port 0 --stale 86400 "$dir" >"$dir/address" &
pids=$!
while [ ! -s "$dir/address" ]; do sleep 0.1; done
read -r url <"$dir/address"
curl -s "$url" >"$dir/page"
${CC:-cc} -O2 -o "$dir/bare" bench/serve-bare.c -lmicrohttpd
port=${BARE_PORT:-18099}
"$dir/bare" "$port" "$dir/page" &
pids="$pids $!"
sleep 0.5

rate() {
	wrk -t1 -c32 -d"${SECONDS_EACH:-3}"s "$1" |
	    sed -n 's/^Requests\/sec: *//p'
}
i=0
while [ "$i" -lt 5 ]; do
	rate "http://127.0.0.1:$port/" >>"$dir/bare.rates"
	rate "$url" >>"$dir/serve.rates"
	i=$((i + 1))
done
bare=$(sort -n "$dir/bare.rates" | sed -n 3p)
serve=$(sort -n "$dir/serve.rates" | sed -n 3p)
printf '%d bytes a page\nbare libmicrohttpd %12.0f requests/s\n' \
    "$(wc -c <"$dir/page")" "$bare"
awk -v a="$serve" -v b="$bare" 'BEGIN {
    printf "gc-serve           %12.0f requests/s, %.0f %% of that\n", a,
    100 * a / b }'
