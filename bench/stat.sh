#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# stat.sh -- gc-confusion and gc-count beside what else answers the same.
#
#	bench/stat.sh [confusion|count|distinct|top|jobs-count|jobs-confusion|
#	    memory]...
#
# 1,000,000 records of 250 bytes, whole processes, one thread each, medians of
# five, in one run on one machine. A peer that is not there, or fails, has a -
# for its figures.
set -eu

cd "$(dirname "$0")/.."
make bin/gc-count bin/gc-confusion >/dev/null
. bench/peers
rounds=${ROUNDS:-5}
dir=build/bench
data=$dir/records-${COUNT:-1000000}.ndjson
mkdir -p $dir
[ -s "$data" ] || python3 bench/records.py 250 "${COUNT:-1000000}" >"$data"
${CC:-cc} -O2 -o $dir/measure bench/measure.c
[ $# -gt 0 ] || set -- confusion count distinct top jobs-count jobs-confusion memory

job() {
	printf '%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\n' ' ')"
}

peer() {
	job "$1" "$python bench/stat_peers.py $1 $2 $data"
}

sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1
date -u +%Y-%m-%d
for what in "$@"; do
	printf '\n%s\n\n' "$what"
	case $what in
	confusion)
		job gc-confusion "bin/gc-confusion -c .confidence $data"
		job 'gc-confusion, with ids' \
		    "bin/gc-confusion -c .confidence -i .conversationId $data"
		peer duckdb "$what"
		peer polars "$what"
		peer pandas "$what"
		job 'jq, sort, uniq' "jq -r '.actual_intent + \" \" +
		    .predicted_intent' $data | LC_ALL=C sort | uniq -c"
		;;
	count)
		job gc-count "bin/gc-count -k .actual_intent $data"
		peer duckdb "$what"
		peer polars "$what"
		peer pandas "$what"
		job miller "mlr --ijsonl --ojsonl --nr-progress-mod 100000000 \
count-distinct -f actual_intent $data"
		job 'jq, sort, uniq' \
		    "jq -r .actual_intent $data | LC_ALL=C sort | uniq -c"
		;;
	distinct)
		job gc-count "bin/gc-count -k .conversationId $data"
		peer duckdb "$what"
		;;
	top)
		job 'gc-count --top 100' \
		    "bin/gc-count -k .conversationId --top 100 $data"
		peer duckdb "$what"
		peer polars "$what"
		peer pandas "$what"
		;;
	jobs-count)
		job 'gc-count -j 2' "bin/gc-count -k .actual_intent -j 2 $data"
		job 'gc-count' "bin/gc-count -k .actual_intent $data"
		;;
	jobs-confusion)
		job 'gc-confusion -j 2' \
		    "bin/gc-confusion -c .confidence -j 2 $data"
		job 'gc-confusion' "bin/gc-confusion -c .confidence $data"
		;;
	memory)
		job 'gc-count, all in memory' \
		    "bin/gc-count -k .conversationId $data"
		for m in 256M 64M 16M; do
			job "gc-count --max-memory $m" "bin/gc-count \
-k .conversationId --max-memory $m $data"
		done
		;;
	*)
		echo "stat.sh: what is $what?" >&2
		exit 2
		;;
	esac >$dir/jobs
	python3 bench/medians.py $dir/measure "$rounds" <$dir/jobs
done
