#!/bin/sh
# ner.sh [CHATS] -- gc-ner beside spaCy, as pip installs it, one thread each,
# on the same chats, the runs taking turns: words a second of the processor's
# time, which on an idle machine is the clock's. gc-ner's is that of the whole
# process: loading, reading and writing JSON included; spaCy's is the work
# alone. Medians of ROUNDS (5), the ratio of the medians, and that of the best
# of each. Where entities differ it says so. Then the time to a first result,
# what a second thread is worth (by the clock: on an idle machine), and memory.
set -eu
cd "$(dirname "$0")/.."
make bin/gc-ner >/dev/null
n=${1-400}
rounds=${ROUNDS-5}
data=${GC_TEST_DATA:-../shared/data}/chats/chats-dev.ndjson
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
model=${XDG_DATA_HOME:-$HOME/.local/share}/gcpipe/models/en_core_web_sm
[ -r "$data" ] || { echo "no chats: $data" >&2; exit 0; }
[ -x "$python" ] || { echo 'no spaCy: make oracle' >&2; exit 0; }

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
head -"$n" "$data" >"$tmp/chats"
jq -c '.messages[] | {text}' "$tmp/chats" >"$tmp/single"
head -1 "$tmp/single" >"$tmp/one"
words=$(jq -r .text "$tmp/single" | wc -w)

# used FILE OPTION...: seconds of the processor, of the clock, and KB at most.
used() {
	python3 -c 'import os, resource, sys, time
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
start = time.monotonic()
pid = os.posix_spawn("bin/gc-ner", ["gc-ner"] + sys.argv[2:], os.environ,
                     file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, used = os.wait4(pid, 0)
print(used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss)
sys.exit(status != 0)' "$tmp/ours" "$@"
}

# median COLUMN FILE, best COLUMN FILE (the largest)
median() {
	sort -g -k "$1,$1" "$2" | awk -v k="$1" '{ v[NR] = $k }
	    END { print v[int((NR + 1) / 2)] }'
}
best() {
	sort -gr -k "$1,$1" "$2" | awk -v k="$1" 'NR == 1 { print $k }'
}

agree() {
	jq -c '.entities | map([.start, .end, .label])' "$tmp/ours" |
	    cmp -s - "$tmp/theirs" || echo '  (entities differ)'
}

# turn HOW WHAT: once each; theirs and ours go to a file of that name.
turn() {
	theirs=$("$python" bench/ner_spacy.py "$model" "$tmp/chats" "$1" \
	    "$2" 2>&1 >"$tmp/theirs.py" | tail -1)
	tr -d ' ' <"$tmp/theirs.py" >"$tmp/theirs"
	how=$1 what=$2
	shift 2
	[ "$what" = all ] || set -- --components ner
	mine=$(used "$@" "$tmp/single")
	agree
	[ "$how" = single ] || mine=$(used "$@" "$tmp/chats")
	echo "$theirs $mine" | awk -v w="$words" '{ print $1, w / $2 }' \
	    >>"$tmp/$what-$how"
}

round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	for how in batch single; do
		for what in ner all; do
			turn "$how" "$what"
		done
	done
	used "$tmp/one" >>"$tmp/first"
	used --jobs 1 "$data" >>"$tmp/jobs1"
	used --jobs 2 "$data" >>"$tmp/jobs2"
done

printf '%d words, medians of %d\n%-24s %9s %9s %6s %6s\n' "$words" "$rounds" \
    'words a second' spaCy gc-ner ratio best
for f in ner-batch all-batch ner-single all-single; do
	a=$(median 1 "$tmp/$f")
	b=$(median 2 "$tmp/$f")
	awk -v f="$f" -v a="$a" -v b="$b" -v c="$(best 1 "$tmp/$f")" \
	    -v d="$(best 2 "$tmp/$f")" 'BEGIN {
	    printf "%-24s %9d %9d %6.1f %6.1f\n", f, a, b, b / a, d / c }'
done
one=$(median 2 "$tmp/jobs1")
two=$(median 2 "$tmp/jobs2")
awk -v f="$(median 2 "$tmp/first")" -v a="$one" -v b="$two" \
    -v m="$(best 3 "$tmp/jobs1")" 'BEGIN {
	printf "first result after       %9.1f ms\n", 1000 * f
	printf "two threads                        %19.2f\n", a / b
	printf "memory at most           %9.1f MB\n", m / 1000 }'
