#!/bin/sh
# ner.sh [CHATS] -- gc-ner beside spaCy, as pip installs it, one thread each,
# on the same chats, the runs taking turns: words a second of the processor's
# time, which on an idle machine is the clock's. gc-ner's is that of the whole
# process: loading, reading and writing JSON included; spaCy's is the work
# alone. Where entities differ it says so.
set -eu
cd "$(dirname "$0")/.."
n=${1-400}
rounds=${ROUNDS-2}
data=${GC_TEST_DATA:-../shared/data}/chats/chats-dev.ndjson
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
model=${XDG_DATA_HOME:-$HOME/.local/share}/gcpipe/models/en_core_web_sm
[ -r "$data" ] || { echo "no chats: $data" >&2; exit 0; }
[ -x "$python" ] || { echo 'no spaCy: make oracle' >&2; exit 0; }

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
head -"$n" "$data" >"$tmp/chats"
jq -c '.messages[] | {text}' "$tmp/chats" >"$tmp/single"
words=$(jq -r .text "$tmp/single" | wc -w)

# ours FILE OPTION...: words a second of the processor's time.
ours() {
	file=$1
	shift
	perl -e 'my ($w, $out, @c) = @ARGV;
	    open STDOUT, ">", $out; system @c; my @t = times;
	    printf STDERR "%.0f\n", $w / ($t[2] + $t[3])' \
	    "$words" "$tmp/ours" bin/gc-ner "$@" "$file" 2>&1
}

row() {
	awk -v a="$2" -v b="$3" -v t="$1" 'BEGIN {
	    printf "%-44s %9d %9d %6.1f\n", t, a, b, b / a }'
}

agree() {
	jq -c '.entities | map([.start, .end, .label])' "$tmp/ours" |
	    cmp -s - "$tmp/theirs" || echo '  (entities differ)'
}

printf '%d words\n%-44s %9s %9s %6s\n' "$words" 'words a second' spaCy gc-ner \
    ratio
while [ "$rounds" -gt 0 ]; do
	rounds=$((rounds - 1))
	for how in batch single; do
		for what in ner all; do
			theirs=$("$python" bench/ner_spacy.py "$model" \
			    "$tmp/chats" $how $what 2>&1 >"$tmp/theirs.py" |
			    tail -1)
			tr -d ' ' <"$tmp/theirs.py" >"$tmp/theirs"
			set --
			[ $what = all ] || set -- --components ner
			mine=$(ours "$tmp/single" "$@")
			agree
			[ $how = single ] || mine=$(ours "$tmp/chats" "$@")
			row "$what, $how" "$theirs" "$mine"
		done
	done
done
