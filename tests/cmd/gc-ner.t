#!/bin/sh
# gc-ner: the entities of records' texts.
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
. tests/lib.sh
unset GC_NER_MODEL VIRTUAL_ENV CONDA_PREFIX

# ---- what needs no model ----
XDG_DATA_HOME=$T/none run gc-ner /dev/null
exits 2 'no model is wrong usage'
like "$(err)" "gc-ner: there is no model 'en_core_web_sm'; make model*" \
	'and the message says what to do'
run gc-ner -m "$T/none" /dev/null
exits 2 'a folder that is no model'
GC_NER_MODEL=nothing run gc-ner /dev/null
like "$(err)" "gc-ner: there is no model 'nothing'*" 'GC_NER_MODEL is heard'
run gc-ner --no-model /dev/null
exits 2 '--no-model alone leaves nothing to do'
run gc-ner --no-model -m en_core_web_sm /dev/null
exits 2 'a model and --no-model'
run gc-ner --components parser /dev/null
exits 2 '--components can be ner'
run gc-ner --confidence much /dev/null
exits 2 '--confidence is one of two'
run gc-ner --threshold 2 /dev/null
exits 2 '--threshold has bounds'

if [ ! -r "$XDG_DATA_HOME/gcpipe/models/en_core_web_sm/config.cfg" ]; then
	skip 1 'the model is absent: make model'
	done_testing
	exit
fi

# ---- one text, several, joined ----
apple="Apple is looking at buying U.K. startup for \$1 billion"
printf '{"id":9007199254740993,"text":"%s" }\n' "$apple" >"$T/one"
run gc-ner "$T/one"
exits 0 'one text'
is "$(out)" "{\"id\":9007199254740993,\"text\":\"$apple\" ,\"entities\":[\
{\"text\":\"Apple\",\"label\":\"ORG\",\"start\":0,\"end\":5,\"confidence\":0.53,\"source\":\"model\"},\
{\"text\":\"U.K.\",\"label\":\"GPE\",\"start\":27,\"end\":31,\"confidence\":0.47,\"source\":\"model\"},\
{\"text\":\"\$1 billion\",\"label\":\"MONEY\",\"start\":44,\"end\":54,\"confidence\":0.67,\"source\":\"model\"}]}" \
	'entities are added, every other byte stays'
gc-ner "$T/one" >"$T/twice"
run gc-ner "$T/twice"
same "$T/out" "$T/twice" 'twice is the same as once'

# ---- the model of a Python environment ----
env=$T/env/lib/python3.11/site-packages/en_core_web_sm
mkdir -p "$env" "$env-3.8.0.dist-info"
ln -s "$XDG_DATA_HOME/gcpipe/models/en_core_web_sm" "$env/en_core_web_sm-3.8.0"
XDG_DATA_HOME=$T/none VIRTUAL_ENV=$T/env run gc-ner "$T/one"
same "$T/out" "$T/twice" "where Python's package manager puts it"
XDG_DATA_HOME=$T/none CONDA_PREFIX=$T/env run gc-ner "$T/one"
same "$T/out" "$T/twice" "conda's environments too"

cat >"$T/many" <<'EOF'
{"messages":[{"from":"agent","text":"hello"},{"from":"x"},{"text":null},{"text":"  "},{"text":"Bob lives in Paris"}]}
{"interactions":[{"transcript":"Bob lives in Paris"}]}
{"transcript":"Caf\u00e9 \ud83d\ude00 in Paris"}
{"nothing":"here in Paris"}
EOF
brief='[.entities[] | "\(.text) \(.label) \(.start) \(.end) \(.at)"] | join(", ")'
run gc-ner "$T/many"
exits 0 'the usual places'
is "$(jq -r "$brief" "$T/out" | tr '\n' ';')" \
	'Bob PERSON 0 3 4, Paris GPE 13 18 4;Bob PERSON 0 3 null, Paris GPE 13 18 null;Café PERSON 0 4 null, Paris GPE 10 15 null;;' \
	'messages by number, code points, nothing where there is no text'
run gc-ner --join ' ' "$T/many"
is "$(head -1 "$T/out" | jq -r "$brief")" \
	'Bob PERSON 6 9 null, Paris GPE 19 24 null' \
	'joined by a blank, blank texts left out'
run gc-ner -t .nothing "$T/many"
is "$(tail -1 "$T/out" | jq -r "$brief")" 'Paris GPE 8 13 null' '--text'
run gc-ner -t '.messages[]?.text // empty | ascii_upcase' "$T/many"
exits 0 'a text may be any expression'

# ---- what is kept ----
run gc-ner -l GPE,MONEY "$T/one"
is "$(jq -r "$brief" "$T/out")" \
	"U.K. GPE 27 31 null, \$1 billion MONEY 44 54 null" '--labels'
cp "$T/out" "$T/want"
run gc-ner -l ' GPE , MONEY' "$T/one"
same "$T/out" "$T/want" 'with blanks around them, too'
run gc-ner --threshold 0.5 -g share/policies/entities.json "$T/one"
is "$(jq -c .groups "$T/out")" '{"product":["Apple"],"issue":[]}' \
	'groups of what passed --threshold; empty ones are there'
printf '{"text":"Paris and London and Paris and paris"}\n' >"$T/twice"
run gc-ner -g share/policies/entities.json "$T/twice"
like "$(jq -c .groups.product "$T/out")" '\["Paris","London"*' \
	'in order of first appearance, none twice'
run gc-ner --confidence model "$T/one"
is "$(jq -c '[.entities[].confidence | . > 0.9 and . < 1]' "$T/out")" \
	'[true,true,true]' '--confidence model is a probability'
printf '{"product":"ORG"}\n' >"$T/bad"
run gc-ner -g "$T/bad" "$T/one"
exits 2 'a group is a list of labels'

# ---- the prepared model where no file may be long ----
mkdir "$T/little"
(
	ulimit -f 100
	XDG_CACHE_HOME=$T/little gc-ner "$T/one" >"$T/out" 2>"$T/err"
)
is "$? $(jq '.entities | length' "$T/out")" '0 3' \
	'without room in the cache it works'
is "$(find "$T/little" -type f | wc -l)" 0 'and leaves nothing there'

# ---- the heuristic, to the digit (Python's answers) ----
printf '{"text":"We went to the State of New York in 2019 with Microsoft and Dr. Alan Turing."}\n' >"$T/conf"
run gc-ner "$T/conf"
is "$(jq -c '[.entities[] | [.text, .confidence]]' "$T/out")" \
	'[["the State of New York",1],["2019",0.27],["Microsoft",0.8],["Alan Turing",0.93]]' \
	'confidence of short and long names, of small words'

# ---- bad records, threads, long texts ----
printf '[1]\n{"text":5}\n{"text":"Paris"}\n' >"$T/mixed"
run gc-ner --reject "$T/rej" "$T/mixed"
exits 0 'bad records go to --reject'
is "$(jq -r .rule "$T/rej" | tr '\n' ' ')" 'not-an-object text ' 'by rule'
awk 'BEGIN { srand(3); split("Bob Paris Apple of in lives the sold 12 $5 July . , ! to IBM", w, " ")
	for (i = 0; i < 400; i++) { s = ""; n = rand() * 40
	for (j = 0; j < n; j++) s = s w[1 + int(rand() * 16)] " "
	printf "{\"i\":%d,\"text\":\"%s\"}\n", i, s } }' >"$T/rand"
gc-ner "$T/rand" >"$T/want"
run gc-ner -j 4 "$T/rand"
same "$T/out" "$T/want" 'four threads write the same'
for k in plain avx2 avx512 amx; do
	GC_NER_KERNEL=$k run gc-ner "$T/rand"
	same "$T/out" "$T/want" "kernel $k, where it runs, gives the same"
done
# Records that go to the model together give what each gives alone, with lines
# between them that are none.
{
	sed -n 1,12p "$T/rand"
	printf '\n[1]\n{"text":7}\n{"text":"Paris"\n{}\n{"text":""}\n'
	printf '{"text":"in Paris"}\r\n{"messages":[{"text":"Bob"},{},{"text":"IBM"}]}\n'
	sed -n 13,30p "$T/rand"
} >"$T/company"
for opt in '' '--join=.' '--text=.text' '--text=.text,(.i|tostring)' \
    '--confidence=model'; do
	# shellcheck disable=SC2086 # none is meant to be none
	run gc-ner $opt --reject "$T/rejects" "$T/company"
	: >"$T/alone"
	while IFS= read -r line; do
		printf '%s\n' "$line" >"$T/line"
		# shellcheck disable=SC2086
		gc-ner $opt --reject "$T/rejects.1" "$T/line" >>"$T/alone" \
		    2>/dev/null
	done <"$T/company"
	same "$T/out" "$T/alone" "in company and alone the same: $opt"
done
is "$(jq -r '[.line, .rule] | @csv' "$T/rejects" | tr '\n' ' ')" \
	'14,"not-an-object" 15,"text" 16,"invalid-json" ' 'rejects in their places'
# A record that was gathered, and then was too long to have its turn, leaves
# nothing to one that comes to lie in its place (the third run of lines behind
# it has its memory).
printf '{"id":1,"text":"Apple hired Tim Cook."}\n' >"$T/lines"
{
	cat "$T/lines"
	printf '{"id":2,"text":"In Berlin on Monday Angela Merkel met %s"}\n' \
	    'Emmanuel Macron of France.'
} >"$T/lines.1"
{
	tr ':' ';' <"$T/lines"
	printf '{"id":3,"text":"Nothing here at all, no names."}\n'
} >"$T/lines.2"
rm -f "$T/kept"
# shellcheck disable=SC2094 # it waits for what is written
(
	cat "$T/lines"
	i=0
	while [ ! -s "$T/kept" ] && [ $((i += 1)) -lt 100 ]; do
		sleep 0.1
	done
	cat "$T/lines.1"
	sleep 0.1
	echo
	sleep 0.1
	echo
	sleep 0.1
	cat "$T/lines.2"
) | gc-ner --unbuffered --reject "$T/rej" --max-record 60 >"$T/kept" \
    2>"$T/err"
is "$(jq -r '[.id, (.entities | length)] | join(" ")' "$T/kept" | tr '\n' ' ')" \
	'1 2 1 2 3 0 ' 'what was gathered is its own record'"'"'s alone'
is "$(jq -r .rule "$T/rej" | tr '\n' ' ')" 'too-long invalid-json ' \
	'one too long, one that is none'

jq -r .text "$T/rand" | awk '{ for (i = 0; i < 40; i++) printf "%s", $0 }
    END { print "" }' >"$T/long.txt"
jq -cR '{text: .}' "$T/long.txt" >"$T/long"
run gc-ner "$T/long"
exits 0 'a text of a megabyte'
is "$(jq '.entities | length > 5000' "$T/out")" true 'is read to its end'
like "$(jq -c '.entities[-1].end > 1000000' "$T/out")" true 'to the last word'

done_testing
