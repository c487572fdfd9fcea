#!/bin/sh
# patterns.sh [CHATS] -- token patterns and phrases: gc-ner without a model
# beside spaCy's EntityRuler in a blank pipeline, one thread each, the runs
# taking turns, with 12 patterns and with 400: words a second of the processor's
# time. gc-ner's is that of the whole process, reading and writing JSON included;
# spaCy's is the work alone. Where entities differ it says so.
set -eu
cd "$(dirname "$0")/.."
make bin/gc-ner >/dev/null
n=${1-400}
rounds=${ROUNDS-3}
data=${GC_TEST_DATA:-../shared/data}/chats/chats-dev.ndjson
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
[ -r "$data" ] || { echo "no chats: $data" >&2; exit 0; }
[ -x "$python" ] || { echo 'no spaCy: make oracle' >&2; exit 0; }

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
head -"$n" "$data" >"$tmp/chats"
jq -c '.messages[] | {text}' "$tmp/chats" >"$tmp/single"
words=$(jq -r .text "$tmp/single" | wc -w)
for _ in 1 2 3 4 5 6 7 8 9 10; do
	cat "$tmp/single" "$tmp/single"
done >"$tmp/twenty"

cat >"$tmp/12" <<'EOF'
{"label":"CARD","pattern":[{"LOWER":{"IN":["credit","debit"]}},{"LOWER":"card","OP":"?"}]}
{"label":"MONEY","pattern":[{"IS_CURRENCY":true},{"LIKE_NUM":true,"OP":"+"}]}
{"label":"MONEY","pattern":[{"LIKE_NUM":true},{"LOWER":{"REGEX":"^(dollar|euro|pound)s?$"}}]}
{"label":"TIME","pattern":[{"TEXT":{"REGEX":"^\\d{1,2}(:\\d\\d)?$"}},{"LOWER":{"IN":["am","pm","a.m.","p.m."]}}]}
{"label":"PERSON","pattern":[{"LOWER":{"IN":["mr","mrs","ms","dr"]}},{"ORTH":".","OP":"?"},{"IS_TITLE":true,"OP":"+"}]}
{"label":"PLACE","pattern":[{"IS_TITLE":true,"OP":"+"},{"LOWER":{"IN":["restaurant","hotel","airport","station"]}}]}
{"label":"WORD","pattern":[{"LOWER":{"FUZZY":"reservation"}}]}
{"label":"DATE","pattern":[{"LOWER":"next"},{"LOWER":{"IN":["monday","tuesday","wednesday","thursday","friday","saturday","sunday","week"]}}]}
{"label":"CITY","pattern":"San Francisco"}
{"label":"CITY","pattern":"Los Angeles","id":"LA"}
{"label":"CITY","pattern":"New York"}
{"label":"NOT","pattern":[{"LOWER":{"IN":["not","n't","never"]}},{"IS_PUNCT":false,"OP":"{1,3}"},{"LOWER":"work"}]}
EOF
"$python" - "$tmp/single" "$tmp/12" >"$tmp/400" <<'EOF'
"""The twelve, and 388 more from pairs of words of the texts."""
import json, random, sys
r = random.Random(1)
texts = [json.loads(x)["text"].split() for x in open(sys.argv[1])]
texts = [t for t in texts if len(t) > 2]
sys.stdout.write(open(sys.argv[2]).read())
for i in range(388):
    t = r.choice(texts)
    k = r.randrange(len(t) - 1)
    a, b = t[k].strip(".,?!"), t[k + 1].strip(".,?!")
    p = a + " " + b if i % 4 == 0 else [
        {"LOWER": a.lower()}, {"LOWER": {"IN": [b.lower(), "it"]}}] if i % 4 < 3 \
        else [{"LOWER": a.lower()}, {"IS_ALPHA": True, "OP": "?"},
              {"LOWER": b.lower()}]
    print(json.dumps({"label": "L%d" % (i % 9), "pattern": p}))
EOF

# theirs PATTERNS: words a second; entities to $tmp/theirs.
theirs() {
	"$python" - "$tmp/single" "$1" 2>&1 >"$tmp/theirs" <<'EOF'
import json, sys, time
import spacy
nlp = spacy.blank("en")
nlp.add_pipe("entity_ruler").from_disk(sys.argv[2] + ".jsonl")
texts = [json.loads(x)["text"] for x in open(sys.argv[1])]
words = sum(len(t.split()) for t in texts)
list(nlp.pipe(texts[:256]))
start = time.process_time()
docs = list(nlp.pipe(texts, batch_size=256))
took = time.process_time() - start
for d in docs:
    print(json.dumps([[e.start_char, e.end_char] for e in d.ents],
                     separators=(",", ":")))
print("%.0f" % (words / took), file=sys.stderr)
EOF
}

# Ours reads the texts twenty times over: once is too short to be timed.
ours() {
	perl -e 'my ($w, $out, @c) = @ARGV;
	    open STDOUT, ">", $out; system @c; my @t = times;
	    printf STDERR "%.0f\n", 20 * $w / ($t[2] + $t[3])' \
	    "$words" "$tmp/ours" bin/gc-ner --no-model -p "$1.jsonl" \
	    "$tmp/twenty" 2>&1
}

printf '%d words\n%-20s %9s %9s %6s\n' "$words" 'words a second' spaCy gc-ner \
    ratio
while [ "$rounds" -gt 0 ]; do
	rounds=$((rounds - 1))
	for p in 12 400; do
		cp "$tmp/$p" "$tmp/$p.jsonl"
		a=$(theirs "$tmp/$p")
		b=$(ours "$tmp/$p")
		head -"$(wc -l <"$tmp/single")" "$tmp/ours" |
		    jq -c '.entities | map([.start, .end])' |
		    cmp -s - "$tmp/theirs" || echo '  (entities differ)'
		awk -v a="$a" -v b="$b" -v t="$p patterns" 'BEGIN {
		    printf "%-20s %9d %9d %6.1f\n", t, a, b, b / a }'
	done
done
