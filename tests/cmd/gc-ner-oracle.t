#!/bin/sh
# spaCy itself, side by side: tokens, sentences and entities of texts of our
# own making: 3000, 50000 with GC_TEST_LONG, some in a copy of the project under
# sanitizers. GC_NER_TEXTS says how many, GC_NER_SEED which, GC_NER_ANSWERS
# where to keep them.
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
python=${XDG_CACHE_HOME:-$HOME/.cache}/gcpipe/oracle/bin/python
. tests/lib.sh
unset GC_NER_MODEL

model=$XDG_DATA_HOME/gcpipe/models/en_core_web_sm
[ -r "$model/config.cfg" ] || skip_all 'the model is absent: make model'
[ -x "$python" ] || skip_all 'spaCy is absent: make oracle'
[ -x tests/unit/t_ner.bin ] || skip_all 'tests/unit/t_ner.bin is not built'

case $PWD in
*/build/*)	n=300 ;;
*)		n=${GC_TEST_LONG:+50000} ;;
esac
n=${GC_NER_TEXTS:-${n:-3000}}
answers=${GC_NER_ANSWERS:-$T/answers}
if [ ! -s "$answers.ner" ]; then
	"$python" tests/cmd/ner_oracle.py "$model" "$n" "${GC_NER_SEED:-1}" \
	    "$answers" 2>"$T/err" || {
		ok 1 'spaCy answers'
		note "$(tail -5 "$T/err")"
	}
fi
for form in all ner; do
	GC_NER_GOLDEN=$answers.$form CMOCKA_MESSAGE_OUTPUT=STDOUT \
	    run tests/unit/t_ner.bin
	exits 0 "$n texts, $form: every token, sentence and entity"
	[ "$code" = 0 ] || note "$(grep -a -B2 -A3 'of ' "$T/err" "$T/out" |
	    head -20)"
	is "$(wc -l <"$answers.$form")" "$n" 'as many as were wanted'
done
done_testing
