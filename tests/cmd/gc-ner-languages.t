#!/bin/sh
# gc-ner in the languages of spaCy whose tokens it can make: tokens and
# entities, to the character, by a small pipeline of each, its network at
# random. 12 texts each beside the language's own examples, 300 with
# GC_TEST_LONG.
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
. tests/lib.sh
unset GC_NER_MODEL
[ -x "$python" ] || skip_all 'spaCy is absent: make oracle'
[ -x tests/unit/t_ner.bin ] || skip_all 'tests/unit/t_ner.bin is not built'
case $PWD in
*/build/*)	skip_all 'sanitizers have enough of one language' ;;
esac

texts=12
[ "${GC_TEST_LONG-}" ] && texts=300
run "$python" -W ignore tests/cmd/ner_languages.py "$T" \
    "$texts" "${GC_NER_SEED:-1}"
exits 0 'spaCy answers'
n=0
for f in "$T"/*.all; do
	lang=$(basename "$f" .all)
	case $lang in
	hi|ht|ne|ja|ko|th|vi|zh)
		run gc-ner -m "$T/$lang" /dev/null
		like "$code $(err)" "2 *language \"$lang\" is not supported*" \
		    "$lang: refused by name"
		continue
		;;
	esac
	GC_NER_MODEL=$T/$lang GC_NER_GOLDEN=$f CMOCKA_MESSAGE_OUTPUT=STDOUT \
	    run tests/unit/t_ner.bin
	exits 0 "$lang: every token and entity"
	[ "$code" = 0 ] || note "$(grep -a ' of \|pipeline' "$T/err" "$T/out" |
	    head -5)"
	n=$((n + 1))
done
[ "$n" -gt 60 ]
ok $? "$n languages"
done_testing
