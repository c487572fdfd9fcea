#!/bin/sh
# The three aggregates: any split of the records into any number of parts,
# merged in any order, in one step or in several, with any number of threads
# and any memory, gives the document of one run over the whole, to the byte.
# ROUNDS=n tries n splits; SEED=n begins elsewhere. GC_TEST_LONG: 60 of them.
. tests/lib.sh

seed=${SEED:-1}
rounds=${ROUNDS:-$([ -n "${GC_TEST_LONG-}" ] && echo 60 || echo 6)}

# make SEED: records whose labels, ids, confidences and numbers have ties,
# gaps, odd spellings and all magnitudes.
make_records() {
	awk -v seed="$1" 'BEGIN {
		srand(seed)
		n = int(rand() * 400)
		k = 2 + int(rand() * 9)
		split("a \"b caf\303\251 \\u0041 A 10 1e1 x y z", spelled, " ")
		for (i = 0; i < n; i++) {
			a = int(rand() * k)
			p = rand() < .7 ? a : int(rand() * k)
			printf "{\"id\":\"%d\",\"a\":%s", rand() * 300, label(a)
			if (rand() < .9)
				printf ",\"p\":%s", rand() < .1 ? "\"none\"" : label(p)
			if (rand() < .8)
				printf ",\"c\":%s", rand() < .2 ? int(rand() * 2) : rand()
			printf ",\"q\":%s", rand() < .5 ? "\"care\"" : int(rand() * 3)
			if (rand() < .9)
				printf ",\"x\":%.17fe%d", rand() - .5, rand() * 600 - 300
			printf ",\"t\":[%s]}\n", rand() < .3 ? "" : "1,1.0,\"t\""
		}
	}
	function label(i) {
		if (i == 5 || i == 6)
			return spelled[i + 1]
		if (i == 1)
			return "\"\\\"b\""
		return "\"" spelled[i + 1] "\""
	}'
}

# deal SEED PARTS FILE: each line to one of the parts at random.
deal() {
	rm -f "$T"/part.*
	d=0
	while [ $d -lt "$2" ]; do
		: >"$T/part.$d"
		d=$((d + 1))
	done
	awk -v seed="$1" -v n="$2" -v to="$T/part." 'BEGIN { srand(seed) }
	    { print >(to int(rand() * n)) }' "$3"
}

# shuffled SEED: lines in another order.
shuffled() {
	awk -v seed="$1" 'BEGIN { srand(seed) }
	    { printf "%.9f\t%s\n", rand(), $0 }' | sort | cut -f2-
}

# try NAME SEED PARTS COUNT... -- MERGE...: the program as it counts and as it
# merges; says nothing where all roads give the same bytes.
try() {
	name=$1 s=$2 parts=$3
	shift 3
	count=
	while [ "$1" != -- ]; do
		count="$count $1"
		shift
	done
	shift
	jobs=$((1 + s % 4))
	# shellcheck disable=SC2086 # lists of words
	{
		set -f
		$count "$T/in" >"$T/want" 2>"$T/err" || echo "$name: $?"
		$count -j $((1 + jobs)) "$T/in" >"$T/got" ||
		    echo "$name: $?"
		cmp -s "$T/want" "$T/got" || echo "$name: jobs differ"
		set +f
		deal "$s" "$parts" "$T/in"
		for p in "$T"/part.*; do
			(set -f; $count --partial -j "$jobs" "$p") >"$p.out"
		done
		(set -f; $count --partial "$T/in") >"$T/part"
		cat "$T"/part.*.out | shuffled "$s" >"$T/lines"
		"$@" -j "$jobs" "$T/lines" >"$T/got" || echo "$name: $?"
		cmp -s "$T/want" "$T/got" || echo "$name: lines differ"
		"$@" --partial "$T/part.0.out" >"$T/step"
		for p in "$T"/part.*.out; do
			[ "$p" = "$T/part.0.out" ] || echo "$p"
		done | shuffled "$s" | xargs "$@" "$T/step" >"$T/got" ||
		    echo "$name: $?"
		cmp -s "$T/want" "$T/got" || echo "$name: steps differ"
		"$@" --partial "$T/lines" >"$T/got"
		cmp -s "$T/part" "$T/got" || echo "$name: parts differ"
	}
}

i=0
while [ $i -lt "$rounds" ]; do
	s=$((seed + i))
	make_records "$s" >"$T/in"
	make_records $((s + 1000)) >"$T/base"
	parts=$((1 + s * 7 % 13))
	{
		try count "$s" "$parts" gc-count -k .a -k .q -s .x -- \
		    gc-count -k .a -k .q --merge
		try memory "$s" "$parts" gc-count -k .a -k .id -s .x -- \
		    gc-count -k .a -k .id --merge -m 64K
		try each "$s" "$parts" gc-count -k '.t[]' -- gc-count -k '.t[]' --merge
		try drift "$s" "$parts" gc-drift -k .a --by .q -b "$T/base" -- \
		    gc-drift -k .a --by .q -b "$T/base" --merge
		try numbers "$s" "$parts" gc-drift -k .c -t ks -b "$T/base" -- \
		    gc-drift -k .c -t ks -b "$T/base" --merge
		try confusion "$s" "$parts" gc-confusion -a .a -p .p -c .c -i .id \
		    --fallback none --fallback x --ranked .p,.q,.a -- \
		    gc-confusion --merge --fallback none --fallback x
		try mass "$s" "$parts" gc-confusion -a .a -p .p -c .c \
		    --equal-mass --bins 5 --roll-up 'c*' -- \
		    gc-confusion --merge --equal-mass --bins 5 --roll-up 'c*'
	} >"$T/wrong" 2>&1
	is "$(cat "$T/wrong")" '' "seed $s: $(wc -l <"$T/in" | tr -d ' ') records in $parts parts"
	i=$((i + 1))
done

# ---- more keys than memory: the same bytes from any of it ----
awk 'BEGIN { srand(3); for (i = 0; i < 60000; i++)
	printf "{\"k\":\"k%d\",\"j\":%d,\"x\":%.17fe%d}\n", rand() * 30000,
	    rand() * 3, rand() - .5, rand() * 60 - 30 }' >"$T/many"
gc-count -k .k -k .j -s .x "$T/many" >"$T/want"
for m in 64K 100K 777K 4M; do
	run gc-count -k .k -k .j -s .x -m "$m" "$T/many"
	same "$T/out" "$T/want" "keys in $m of memory"
	run gc-count -k .k -k .j -s .x -m "$m" -j 3 "$T/many"
	same "$T/out" "$T/want" "and in three threads"
done
head -100 "$T/want" >"$T/top"
run gc-count -k .k -k .j -s .x -m 64K --top 100 "$T/many"
same "$T/out" "$T/top" 'the first of them'
gc-count -k .k -k .j -s .x --partial "$T/many" >"$T/want"
run gc-count -k .k -k .j -s .x -m 64K --partial "$T/many"
same "$T/out" "$T/want" 'a part'
awk 'BEGIN { for (i = 0; i < 40; i++) { printf "{\"k\":\""
	for (j = 0; j < 20000; j++) printf "%c", 97 + i % 20
	print "\"}" } }' >"$T/long"
gc-count -k .k "$T/long" >"$T/want"
run gc-count -k .k -m 64K "$T/long"
same "$T/out" "$T/want" 'keys that are long'
run gc-count -k .k -m 63K "$T/long"
exits 2 'too little'
run env TMPDIR="$T/nowhere" gc-count -k .k -m 64K "$T/many"
exits 6 'nowhere to put them'
like "$(err)" "gc-count: *temporary file in $T/nowhere*" 'it says so'

done_testing
