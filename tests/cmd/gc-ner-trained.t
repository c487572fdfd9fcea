#!/bin/sh
# gc-ner on pipelines of other shapes than the usual one, trained on the spot:
# spaCy's entities, to the character, or a refusal that names the part. 120
# texts, 2000 with GC_TEST_LONG.
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
. tests/lib.sh
unset GC_NER_MODEL VIRTUAL_ENV
[ -x "$python" ] || skip_all 'spaCy is absent: make oracle'

case $PWD in
*/build/*)	n=30 ;;
*)		n=${GC_TEST_LONG:+2000} ;;
esac
run "$python" -W ignore tests/cmd/ner_trained.py "$T" "${n:-120}" \
    "${GC_NER_SEED:-1}"
exits 0 'spaCy trains and answers'

spans='[.entities[] | [.start, .end, .label]]'
for p in cnn words odd one heard parsed both; do
	run gc-ner -m "$T/$p" "$T/in"
	jq -c "$spans" "$T/out" >"$T/got"
	same "$T/got" "$T/$p.want" "$p: every entity"
	run gc-ner -m "$T/$p" "$T/in"
	jq -c "$spans" "$T/out" >"$T/got"
	same "$T/got" "$T/$p.want" "$p: and from the cache"
done
found=$(cat "$T"/*.want | jq -s 'map(length) | add')
[ "$found" -gt "${n:-120}" ]
ok $? "$found entities"

# refused PIPELINE MESSAGE
refused() {
	run gc-ner -m "$T/$1" /dev/null
	exits 2 "refused: $1"
	like "$(err)" "gc-ner: $T/$1/*: $2*" 'by name'
}
refused wide 'only windows of one token to each side'
refused tokens 'ner with use_upper = false or extra_state_tokens = true'
refused lower 'ner with use_upper = false or extra_state_tokens = true'

# change NAME COMPONENT FACTORY: that component before ner.
change() {
	cp -R "$T/cnn" "$T/$1"
	sed -e "s/^pipeline = .*/pipeline = [\"$2\",\"ner\"]/" \
	    -e "s/^\\[components\\]/&\\n\\n[components.$2]\\nfactory = \"$3\"/" \
	    "$T/cnn/config.cfg" >"$T/$1/config.cfg"
}
for f in transformer senter sentencizer entity_ruler span_ruler entity_linker \
    beam_ner merge_entities my_own; do
	change "$f" part "$f"
	refused "$f" "component \"part\" (\"$f\") is not supported"
done
run gc-ner -m "$T/transformer" --components ner "$T/in"
jq -c "$spans" "$T/out" | cmp -s - "$T/cnn.want"
ok $? 'with --components ner what stands before does not matter'
change tagged tagger tagger
run gc-ner -m "$T/tagged" "$T/in"
jq -c "$spans" "$T/out" | cmp -s - "$T/cnn.want"
ok $? 'a tagger changes nothing'
cp -R "$T/cnn" "$T/german"
sed 's/^lang = .*/lang = "de"/' "$T/cnn/config.cfg" >"$T/german/config.cfg"
refused german 'language "de" is not supported'
done_testing
