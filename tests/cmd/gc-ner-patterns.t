#!/bin/sh
# gc-ner --patterns: what is refused, how overlaps go; then spaCy's EntityRuler
# side by side: sets of patterns of our own making over 12 texts each, without
# a model and with one. 200 and 25 sets, ten times as many with GC_TEST_LONG,
# some in a copy of the project under sanitizers.
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
. tests/lib.sh
unset GC_NER_MODEL VIRTUAL_ENV CONDA_PREFIX

short='[.entities[] | "\(.text)/\(.label)/\(.id // "-")"] | join(" ")'

# rules PATTERN...: the patterns of the next runs.
rules() {
	printf '%s\n' "$@" >"$T/p.jsonl"
}

# finds TEXT WANT TITLE
finds() {
	jq -cn --arg t "$1" '{text: $t}' >"$T/in"
	run gc-ner --no-model -p "$T/p.jsonl" "$T/in"
	is "$(jq -r "$short" "$T/out")" "$2" "$3"
}

# ---- what is refused, and where ----
refused() {
	printf '{"label":"A","pattern":"a"}\n\n%s\n' "$1" >"$T/p.jsonl"
	run gc-ner --no-model -p "$T/p.jsonl" /dev/null
	exits 2 "refused: $1"
	is "$(err)" "gc-ner: $T/p.jsonl:3:$2" 'and where'
}
refused '{"label":"A"' '13: invalid JSON: unexpected end'
refused '[1]' '1: a pattern is an object'
refused '{"pattern":"x"}' '1: the pattern has no label'
refused '{"label":"A","pattern":""}' '24: a pattern of no token'
refused '{"label":"A","pattern":[]}' '24: a pattern of no token'
refused '{"label":"A","pattern":[{"ORTH":"a","OP":"{0}"}]}' \
	'24: a pattern of no token'
refused '{"label":"A","id":5,"pattern":"a"}' '19: an id is a string'
refused '{"label":"A","pattern":[{"LOWR":"a"}]}' \
	'26: there is no attribute LOWR'
refused '{"label":"A","pattern":[{"POS":"NOUN"}]}' \
	'26: POS needs a tagger, which is not run'
refused '{"label":"A","pattern":[{"_":{"a":1}}]}' \
	'26: _ (extensions) is not supported'
refused '{"label":"A","pattern":[{"LOWER":{"LIKE":"a"}}]}' \
	'35: there is no predicate LIKE'
refused '{"label":"A","pattern":[{"LOWER":{"IN":"a"}}]}' '40: IN takes a list'
refused '{"label":"A","pattern":[{"LENGTH":{"REGEX":"a"}}]}' \
	'36: LENGTH is no text, it takes no REGEX'
refused '{"label":"A","pattern":[{"LOWER":{">":1}}]}' \
	'39: a text cannot be compared with a number'
refused '{"label":"A","pattern":[{"IS_ALPHA":"yes"}]}' \
	'37: IS_ALPHA is true or false'
refused '{"label":"A","pattern":[{"OP":"{3,2}"}]}' \
	'31: the operator {3,2} asks for more than it allows'
refused '{"label":"A","pattern":[{"OP":"++"}]}' \
	'31: OP is !, ?, +, *, {n}, {n,m}, {n,} or {,m}'
refused '{"label":"A","pattern":[{"OP":"{9999}"}]}' \
	'31: an operator counts to 4096'
refused '{"label":"A","pattern":[{"ORTH":{"REGEX":"(?a)a"}}]}' "42: REGEX: the \
pattern at byte 1: Python has no such group, or it is not supported"
refused '{"label":"A","pattern":[{"ORTH":{"REGEX":"\\Ka"}}]}' \
	'42: REGEX: the pattern at byte 2: Python has no such escape'
run gc-ner --no-model -p "$T/none.jsonl" /dev/null
exits 2 'a file that is not there'
run gc-ner --no-model -p "$T/p.jsonl" --phrase-attr SPACY /dev/null
exits 2 'phrases are not compared by what follows them'

# ---- what stays where patterns overlap ----
rules '{"label":"B","pattern":"cloud"}' \
	'{"label":"A","pattern":[{"LOWER":"cloud"},{"LOWER":"phone"}],"id":"x"}' \
	'{"label":"C","pattern":"phone pro max"}' \
	'{"label":"D","pattern":"cloud phone"}'
finds 'my cloud phone, my cloud phone pro, a cloud phone pro max' \
	'cloud phone/A/x cloud phone/A/x cloud/B/- phone pro max/C/-' \
	'the longest, then the leftmost, then the first in the file'
rules '{"label":"A","pattern":[{},{"OP":"*"},{"LOWER":"c"}]}'
finds 'a b c d c e' 'a b c d c/A/-' 'any token, any number of times'
rules '{"label":"A","pattern":[{"LOWER":"a","OP":"+"},{"LOWER":"b","OP":"?"}]}'
finds 'a a b b a' 'a a b/A/- a/A/-' 'operators take the most'
finds '' '' 'an empty text'
rules '{"label":"A","pattern":[{"LIKE_NUM":true},{"ORTH":"%"}],"id":null}' '' \
	'{"label":"B","pattern":"not","label":"E","id":"","more":1}'
finds 'ten % is not 10%' 'ten %/A/- not/E/- 10%/A/-' \
	'a null id, a name twice, blank lines'
head -c 20000 /dev/zero | tr '\0' x | sed 's/x/ab /g' >"$T/long"
may='{"ORTH":"ab","OP":"?"},'
rules "{\"label\":\"A\",\"pattern\":[$may$may$may$may$may$may$may$may$may$may\
{\"ORTH\":\"ab\",\"OP\":\"{,90}\"},{\"ORTH\":\"ab\",\"OP\":\"{,90}\"},{\"ORTH\":\"c\"}]}"
jq -cRs '{text: .}' "$T/long" >"$T/in"
run gc-ner --no-model -p "$T/p.jsonl" "$T/in"
exits 0 'many ways to match end soon'
printf '\n{"text":"a cloud phone"}\n{"text":5}\n' >"$T/in"
rules '{"label":"A","pattern":"cloud phone"}'
run gc-ner --no-model -p "$T/p.jsonl" --reject "$T/bad" "$T/in"
exits 0 'rejects'
is "$(jq -r .rule "$T/bad")" text 'a text that is no string'
rules '{"label":"A","pattern":"Cloud PHONE","id":"x"}'
printf '{"text":"a cLoud phone"}\n' >"$T/in"
run gc-ner --no-model --phrase-attr lower -p "$T/p.jsonl" "$T/in"
is "$(jq -r "$short" "$T/out")" 'cLoud phone/A/x' '--phrase-attr'
printf '{"label":"Z","pattern":"a"}\n' >"$T/q.jsonl"
run gc-ner --no-model --phrase-attr lower -p "$T/p.jsonl" -p "$T/q.jsonl" \
	--labels Z "$T/in"
is "$(jq -r "$short" "$T/out")" 'a/Z/-' 'two files, one label'
XDG_DATA_HOME=$T/none run gc-ner -p "$T/p.jsonl" "$T/in"
exits 0 'without a model patterns work alone'
like "$(err)" 'gc-ner: there is no model: patterns*' 'and it says so'

# ---- spaCy ----
if [ ! -x "$python" ]; then
	skip 1 'spaCy is absent: make oracle'
	done_testing
	exit
fi

# beside MODEL SETS SEED TITLE
beside() {
	rm -rf "$T/sets" "$T/want"
	mkdir "$T/sets"
	"$python" -W ignore tests/cmd/ner_patterns.py "$1" "$2" "$3" \
	    "$T/sets" 2>"$T/err" || {
		ok 1 "$4: spaCy answers"
		note "$(tail -5 "$T/err")"
		return
	}
	i=0
	while [ "$i" -lt "$2" ]; do
		s=$T/sets/$i
		# shellcheck disable=SC2046 # a list of words
		gc-ner $(cat "$s.args") -p "$s.jsonl" "$s.in"
		cat "$s.want" >>"$T/want"
		i=$((i + 1))
	done >"$T/answers"
	jq -c '[.entities[] | [.start, .end, .label, .id]]' "$T/answers" \
	    >"$T/got"
	same "$T/got" "$T/want" "$4: $2 sets"
	if ! cmp -s "$T/got" "$T/want"; then
		i=$((($(cmp "$T/got" "$T/want" | sed 's/.*line //') - 1) / 12))
		note "set $i:" "$(cat "$T/sets/$i.args" "$T/sets/$i.jsonl")"
	fi
	found=$(jq -s 'map(length) | add' "$T/want")
	[ "$found" -gt $(($2 * 12)) ]
	ok $? "$4: $found entities"
}

long=${GC_TEST_LONG:+0}
case $PWD in
*/build/*)	long='' blank=20 whole=5 ;;
*)		blank=200$long whole=25$long ;;
esac
beside blank "$blank" "${GC_NER_SEED:-1}" 'the tokenizer alone'
model=$XDG_DATA_HOME/gcpipe/models/en_core_web_sm
if [ -r "$model/config.cfg" ]; then
	beside "$model" "$whole" "${GC_NER_SEED:-2}" 'behind a model'
else
	skip 1 'the model is absent: make model'
fi
done_testing
