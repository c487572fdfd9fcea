#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scan.sh -- validate NDJSON and select a member, side by side: this suite's
# scanner, simdjson (Debian's libsimdjson-dev), and as whole processes jq,
# Miller and DuckDB. One core, records of 250 bytes and of 2.4 kB, medians.
# shellcheck disable=SC2086 # $one is a command or nothing
set -eu
cd "$(dirname "$0")/.."
. bench/peers
tmp=${TMPDIR:-/tmp}/gcpipe-bench
mkdir -p "$tmp" build/bench
make lib/gcpipe.a bin/gc-count >/dev/null
cc -std=c11 -O2 -Ilib -D_POSIX_C_SOURCE=200809L -o build/bench/scan \
    bench/scan.c lib/gcpipe.a -lm -lpthread
simd=
if [ -e /usr/include/simdjson.h ]; then
	g++ -std=c++17 -O2 -o build/bench/scan-simdjson \
	    bench/scan-simdjson.cpp -lsimdjson && simd=1
else
	echo '(simdjson is not there: sh .ci/deps bench)'
fi
one=
command -v taskset >/dev/null && one='taskset -c 0'

# median COMMAND...: seconds of the median of five runs, stdout thrown away
median() {
	for _ in 1 2 3 4 5; do
		s=$(date +%s.%N)
		"$@" >/dev/null
		e=$(date +%s.%N)
		echo "$s $e" | awk '{ print $2 - $1 }'
	done | sort -n | sed -n 3p
}

speed() {
	size=$(wc -c <"$f")
	echo "$size $2" | awk -v w="$1" \
	    '{ printf "%s\t%.0f MB/s\n", w, $1 / $2 / 1e6 }'
}

for size in 250 2400; do
	f=$tmp/r$size
	[ -s "$f" ] || python3 bench/records.py $size $((50000000 / size)) >"$f"
	printf '\n== records of %s bytes, %s of them; in memory\n' $size \
	    "$(wc -l <"$f")"
	$one build/bench/scan "$f" actual_intent
	$one build/bench/scan "$f" actual_intent avx2
	$one build/bench/scan "$f" actual_intent careful
	[ -z "$simd" ] || $one build/bench/scan-simdjson "$f" actual_intent
	printf '== the same as whole processes\n'
	speed "gc-count -k .actual_intent" \
	    "$(median $one bin/gc-count -k .actual_intent "$f")"
	speed "jq -r .actual_intent" "$(median $one jq -r .actual_intent "$f")"
	if command -v mlr >/dev/null; then
		speed "mlr cut -f actual_intent" "$(median $one mlr \
		    --ijsonl --onidx cut -f actual_intent "$f")"
	else
		echo '(Miller is not there: sh .ci/deps bench)'
	fi
	if has duckdb; then
		speed "DuckDB read_json, one thread" "$(median $one "$python" -c "
import duckdb
c = duckdb.connect()
c.execute('set threads = 1')
c.execute('''select count(actual_intent) from read_json('$f',
    format = 'newline_delimited',
    columns = {actual_intent: 'VARCHAR'})''').fetchall()")"
	fi
done
