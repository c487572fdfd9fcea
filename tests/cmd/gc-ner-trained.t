#!/bin/sh
# gc-ner on pipelines of other shapes than the usual one, trained on the spot:
# spaCy's entities, to the character, or a refusal that names the part. 120
# texts, 2000 with GC_TEST_LONG.
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
. tests/lib.sh
unset GC_NER_MODEL VIRTUAL_ENV CONDA_PREFIX
[ -x "$python" ] || skip_all 'spaCy is absent: make oracle'

case $PWD in
*/build/*)	n=30 ;;
*)		n=${GC_TEST_LONG:+2000} ;;
esac
run "$python" -W ignore tests/cmd/ner_trained.py "$T" "${n:-120}" \
    "${GC_NER_SEED:-1}"
exits 0 'spaCy trains and answers'

spans='[.entities[] | [.start, .end, .label]]'
for p in cnn words wide odd tokens lower one heard parsed far deep old older \
    lowest states senter marks bound said ruled rules ruling twice vectors \
    floret both; do
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

# What stands before ner counts: without it the entities are others.
for p in parsed states lowest senter marks bound said ruled ruling twice; do
	run gc-ner -m "$T/$p" --components ner "$T/in"
	jq -c "$spans" "$T/out" | cmp -s - "$T/$p.want"
	is $? 1 "$p: ner alone finds others"
done
run gc-ner -m "$T/ruled" "$T/in"
is "$(jq -c '.entities[] | select(.source == "pattern" and .text == "Acme Corp.")
    | [.label, .id, .confidence]' "$T/out" | sort -u)" '["ORG","acme",1]' \
    'what a ruler of the pipeline finds is a pattern'"'s, with its id"

# refused PIPELINE MESSAGE
refused() {
	run gc-ner -m "$T/$1" /dev/null
	exits 2 "refused: $1"
	like "$(err)" "gc-ner: $T/$1/*: $2*" 'by name'
}

# change NAME COMPONENT FACTORY: that component before ner.
change() {
	cp -R "$T/cnn" "$T/$1"
	sed -e "s/^pipeline = .*/pipeline = [\"$2\",\"ner\"]/" \
	    -e "s/^\\[components\\]/&\\n\\n[components.$2]\\nfactory = \"$3\"/" \
	    "$T/cnn/config.cfg" >"$T/$1/config.cfg"
}
for f in transformer span_ruler entity_linker beam_ner merge_entities \
    future_entity_ruler my_own; do
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
for f in sentencizer:.json entity_ruler:/patterns.jsonl senter:.model; do
	change "${f%:*}" part "${f%:*}"
	[ "$f" = senter:.model ] || refused "${f%:*}" ''
done
run gc-ner -m "$T/sentencizer" /dev/null
like "$(err)" '*part.json: No such file*' 'a file that is missing is named'
run gc-ner -m "$T/entity_ruler" /dev/null
like "$(err)" '*part/patterns.jsonl: No such file*' 'a file that is missing is named'
refused senter 'component "part": the architecture null is not supported'
cp -R "$T/heard" "$T/deaf"
sed 's/^pipeline = .*/pipeline = ["ner"]/' "$T/heard/config.cfg" \
    >"$T/deaf/config.cfg"
refused deaf 'component "ner" listens to a tok2vec, but none runs before it'
cp -R "$T/twice" "$T/between"
sed 's/^pipeline = .*/pipeline = ["names","parser","ner"]/' \
    "$T/twice/config.cfg" >"$T/between/config.cfg"
refused between 'component "parser" sets sentences between two'
cp -R "$T/ruled" "$T/looking"
echo '{"label":"A","pattern":[{"IS_SENT_START":true}]}' \
    >"$T/looking/entity_ruler/patterns.jsonl"
run gc-ner -m "$T/looking" /dev/null
exits 2 'refused: a ruler that looks at sentences'
like "$(err)" '*/looking/entity_ruler: patterns that look at sentences*' 'by name'
cp -R "$T/cnn" "$T/beam"
jq -c '.beam_width = 4' "$T/cnn/ner/cfg" >"$T/beam/ner/cfg"
run gc-ner -m "$T/beam" /dev/null
like "$code $(err)" '2 *ner/cfg: a beam*' 'refused: a beam'
cp -R "$T/vectors" "$T/blind"
rm "$T/blind/vocab/vectors"
run gc-ner -m "$T/blind" /dev/null
like "$code $(err)" '2 *vocab/vectors: No such file*' 'refused: vectors that are not there'
# The table may be another than the one the cache was made beside.
"$python" -c 'import sys, numpy
table = numpy.load(sys.argv[1])
with open(sys.argv[1], "wb") as f:
    numpy.save(f, table[:, :-1].copy())' "$T/vectors/vocab/vectors"
run gc-ner -m "$T/vectors" "$T/in"
like "$code $(err)" '2 *static vectors of * numbers do not fit*' \
    'refused: vectors of another width, whatever the cache holds'
for lang in ja hi; do
	cp -R "$T/cnn" "$T/$lang"
	sed "s/^lang = .*/lang = \"$lang\"/" "$T/cnn/config.cfg" \
	    >"$T/$lang/config.cfg"
	refused "$lang" "language \"$lang\" is not supported"
done
done_testing
