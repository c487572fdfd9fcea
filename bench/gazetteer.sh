#!/bin/sh
# gazetteer.sh -- gc-ner with names alone: megabytes of NDJSON a second of the
# processor's time, the whole process, with 100, 10,000 and 100,000 names (the
# best of ROUNDS, 5); F1 and texts a second with --fuzzy and --fuzzy=speech
# beside rapidfuzz, spaCy's PhraseMatcher and spaczz (that on 100 texts); spaCy's
# PhraseMatcher and EntityRuler on a tenth of the texts where spaCy is there.
set -eu
cd "$(dirname "$0")/.."
make bin/gc-ner >/dev/null
rounds=${ROUNDS-5}
data=${GC_TEST_DATA:-../shared/data}
chats=$data/chats/chats-dev.ndjson
spacy=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
. bench/peers
[ -r "$chats" ] || { echo "no chats: $chats" >&2; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# names N: made of syllables and of words that products are called by.
names() {
	awk -v n="$1" 'BEGIN { srand(5)
	a = split("ka lo mi ren tor ex vi na qu sta ble per con dis ra te in " \
	    "un or al fon net sys pro max ul tra mo bi le ser ver", s, " ")
	b = split("router headset cloud phone pro lite plus hub mini mobile " \
	    "plan voice box desk max home office go line share care", w, " ")
	while (i < n) {
		t = ""
		k = 2 + int(rand() * 3)
		for (j = 0; j < k; j++)
			t = t s[1 + int(rand() * a)]
		if (rand() < .6)
			t = t " " w[1 + int(rand() * b)]
		if (rand() < .3)
			t = t " " int(rand() * 1000)
		if (!(t in had)) {
			had[t]
			printf "p%d\t%s\n", i++, t
		}
	} }'
}

# seconds COMMAND...: of the processor, the best round.
seconds() {
	python3 -c 'import resource, subprocess, sys
best = None
for _ in range(int(sys.argv[1])):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (after.ru_utime + after.ru_stime - before.ru_utime -
            before.ru_stime)
    best = used if best is None else min(best, used)
print("%.3f" % best)' "$rounds" "$@"
}

for _ in 1 2 3 4 5 6 7 8 9 10; do
	cat "$chats"
done >"$tmp/chats"
bytes=$(wc -c <"$tmp/chats")
for n in 100 10000 100000; do
	names "$n" >"$tmp/$n"
	s=$(seconds bin/gc-ner --no-model --gazetteer "$tmp/$n" "$tmp/chats")
	awk -v n="$n" -v b="$bytes" -v s="$s" 'BEGIN {
		printf "%d names: %.0f MB/s (%s s)\n", n, b / s / 1e6, s }'
done

for kind in chat-noisy asr; do
	file=$data/mentions/$kind-dev.ndjson
	[ -r "$file" ] || continue
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		cat "$file"
	done >"$tmp/texts"
	case $kind in
	asr) fuzzy=--fuzzy=speech ;;
	*) fuzzy=--fuzzy ;;
	esac
	s=$(seconds bin/gc-ner --no-model "$fuzzy" --gazetteer \
		"$data/mentions/catalogue.tsv" "$tmp/texts")
	f1=$(bin/gc-ner --no-model "$fuzzy" --gazetteer \
		"$data/mentions/catalogue.tsv" "$file" |
		python3 tests/cmd/mentions_score.py)
	awk -v k="$kind" -v f="$fuzzy" -v n="$(wc -l <"$tmp/texts")" -v s="$s" \
		-v r="$f1" 'BEGIN { split(r, v)
		printf "%s, gc-ner %s: F1 %.3f (%.3f, %.3f), %.0f texts/s\n", k, f,
			v[1], v[2], v[3], n / s }'
	has rapidfuzz || continue
	"$python" bench/mentions_peers.py "$data/mentions/catalogue.tsv" \
		"$file" 100 |
	while read -r peer f1 precision recall rate; do
		echo "$kind, $peer: F1 $f1 ($precision, $recall), $rate texts/s"
	done
done

[ -x "$spacy" ] || { echo 'no spaCy: make oracle' >&2; exit 0; }
jq -c '.messages[] | {text}' "$chats" | head -20000 >"$tmp/single"
bytes=$(wc -c <"$tmp/single")
s=$(seconds bin/gc-ner --no-model --gazetteer "$tmp/10000" "$tmp/single")
awk -v b="$bytes" -v s="$s" 'BEGIN {
	printf "gc-ner, 20000 texts, 10000 names: %.1f MB/s\n", b / s / 1e6 }'
"$spacy" bench/gazetteer_peers.py "$tmp/10000" "$tmp/single" |
while read -r peer s found; do
	awk -v p="$peer" -v b="$bytes" -v s="$s" -v f="$found" 'BEGIN {
		printf "%s: %.2f MB/s, %d found\n", p, b / s / 1e6, f }'
done
