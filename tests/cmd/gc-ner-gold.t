#!/bin/sh
# gc-ner --gold: each span is counted once, whatever the order; the same scores
# by a second computation on wnut17's dev part.
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
. tests/lib.sh
unset GC_NER_MODEL VIRTUAL_ENV CONDA_PREFIX

# What is found: A for the words a, B for b, X for "x y".
cat >"$T/p.jsonl" <<'EOF'
{"label":"A","pattern":"a","id":"1"}
{"label":"B","pattern":"b","id":"2"}
{"label":"X","pattern":"x y","id":"3"}
EOF

# score SPANS TEXT: the document.
score() {
	jq -cn --argjson s "$1" --arg t "$2" '{text: $t, spans: $s}' >"$T/in"
	run gc-ner --no-model -p "$T/p.jsonl" --gold .spans "$T/in"
}
span() {
	printf '{"start":%s,"end":%s,"label":"%s"}' "$1" "$2" "$3"
}
counts='[.strict, .exact, .partial, .type][] |
    "\(.correct) \(.incorrect) \(.partial) \(.missed) \(.spurious)"'

#     x y a b a
#     0123456789
g=$(span 0 3 X),$(span 4 5 B),$(span 5 7 B),$(span 11 13 A)
score "[$g]" 'x y a b a'
exits 0 'scored'
is "$(jq -r "$counts" "$T/out" | tr '\n' ';')" \
	'1 2 0 1 1;2 1 0 1 1;2 0 1 1 1;2 1 0 1 1;' \
	'the same, the ends, an overlap, one missed, one spurious'
is "$(jq -c '[.records, .gold, .found, .strict.precision, .partial.recall, .type.f1]' \
	"$T/out")" '[1,4,4,0.25,0.625,0.5]' 'precision, recall, f1'
cp "$T/out" "$T/first"
score "[$(span 11 13 A),$(span 5 7 B),$(span 4 5 B),$(span 0 3 X)]" 'x y a b a'
same "$T/out" "$T/first" 'in another order'

# One found span, two gold ones that it overlaps: one is missed.
score "[$(span 0 2 A),$(span 2 3 X)]" 'x y'
is "$(jq -r "$counts" "$T/out" | tr '\n' ';')" \
	'0 1 0 1 0;0 1 0 1 0;0 0 1 1 0;1 0 0 1 0;' \
	'one found span serves one gold span, of its label first'
score "[$(span 0 3 X),$(span 0 3 X)]" 'x y'
is "$(jq -c '[.strict.correct, .strict.missed]' "$T/out")" '[1,1]' \
	'a gold span twice is found once'
score '[]' 'nothing'
is "$(jq -c '[.gold, .found, .strict.f1, .strict.intervals.f1]' "$T/out")" \
	'[0,0,null,null]' 'nothing to divide by is null'
score '[{"start":0,"end":3,"label":null}]' 'x y'
is "$(jq -c '[.gold, .found]' "$T/out")" '[0,1]' 'a span without a label is none'
score null 'x y'
is "$(jq -c '[.gold, .found]' "$T/out")" '[0,1]' 'no spans'

# ---- a file, several texts, ids ----
cat >"$T/in" <<'EOF'
{"id":"r1","messages":[{"text":"x y"},{"text":"a a"}]}
{"id":2,"messages":[{"text":"b"}]}
{"id":"none","messages":[{"text":"b"}]}
EOF
cat >"$T/gold" <<'EOF'
{"id":2,"mentions":[{"start":0,"end":1,"id":"2"}]}
{"id":"r1","mentions":[{"message":1,"start":2,"end":3,"id":"1"},{"at":0,"start":0,"end":3,"id":"4"}]}
EOF
run gc-ner --no-model -p "$T/p.jsonl" --gold "$T/gold" --gold-by id \
	--ledger "$T/ledger" "$T/in"
exits 0 'a file, by ids'
is "$(jq -c '[.records, .gold, .found, .strict.correct, .exact.correct]' \
	"$T/out")" '[2,3,4,2,3]' 'records are joined by id, texts told apart'
is "$(jq -c '[.labels[] | .id]' "$T/out")" '["1","2","3","4"]' 'ids by name'
is "$(jq -c '[.in, .used, .dropped]' "$T/ledger")" '[3,2,1]' \
	'a record without gold is dropped'
printf '{"id":1,"text":"x","spans":[]}\n{"id":1,"spans":[]}\n' >"$T/gold"
run gc-ner --no-model -p "$T/p.jsonl" --gold "$T/gold" /dev/null
exits 3 'an id twice'
for bad in '[{"start":3,"end":3,"label":"A"}]' '[{"start":1,"end":2}]' 5 '[5]' \
	'[{"start":0,"end":1,"label":"A","at":1}]'; do
	printf '{"text":"x y","spans":%s}\n' "$bad" >"$T/in"
	run gc-ner --no-model -p "$T/p.jsonl" --gold .spans --reject "$T/bad" \
		"$T/in"
	is "$code $(jq -r .rule "$T/bad")" '0 gold' "refused: $bad"
done
run gc-ner --no-model -p "$T/p.jsonl" --gold-by id /dev/null
exits 2 '--gold-by alone'
run gc-ner --no-model -p "$T/p.jsonl" --gold '.[' /dev/null
exits 2 'no file and no expression'

# ---- wnut17 ----
if [ ! -r "$DATA/wnut17/dev.ndjson" ] ||
    [ ! -r "$XDG_DATA_HOME/gcpipe/models/en_core_web_sm/config.cfg" ]; then
	skip 4 'wnut17 or the model is absent'
	done_testing
	exit
fi
cat >"$T/groups" <<'EOF'
{"person":["PERSON"],"location":["GPE","LOC","FAC"],"corporation":["ORG"],
 "product":["PRODUCT"],"creative-work":["WORK_OF_ART"],"group":["NORP"]}
EOF
run gc-ner --gold .spans -g "$T/groups" "$DATA/wnut17/dev.ndjson"
exits 0 "wnut17's dev part"
cp "$T/out" "$T/ours"
gc-ner "$DATA/wnut17/dev.ndjson" >"$T/found"
/usr/bin/python3 tests/cmd/ner_gold.py "$DATA/wnut17/dev.ndjson" "$T/found" \
	"$T/groups" >"$T/theirs"
# Equal to 12 digits: numbers as texts, rounded.
round='def r: if type == "number" then . * 1e12 | round / 1e12 else . end;
    [paths(scalars) as $p | {key: ($p | map(tostring) | join(".")),
    value: getpath($p) | r}] | sort_by(.key)[] | "\(.key) \(.value)"'
jq -r "$round" "$T/ours" >"$T/a"
jq -r "$round" "$T/theirs" >"$T/b"
same "$T/a" "$T/b" 'a second computation says the same'
[ "$(wc -l <"$T/a")" -gt 200 ]
ok $? 'of more than 200 numbers'
run gc-ner --gold .spans -g "$T/groups" -j 4 "$DATA/wnut17/dev.ndjson"
same "$T/out" "$T/ours" 'with four threads'
done_testing
