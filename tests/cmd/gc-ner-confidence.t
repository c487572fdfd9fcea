#!/bin/sh
# gc-ner --confidence model: a probability, and how far it can be trusted.
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
. tests/lib.sh
unset GC_NER_MODEL

run gc-ner --calibration share/calibration/en_core_web_sm-wnut17.json /dev/null
exits 2 'a calibration without --confidence model'
[ -r "$XDG_DATA_HOME/gcpipe/models/en_core_web_sm/config.cfg" ] || {
	skip 1 'the model is absent: make model'
	done_testing
	exit
}
echo '{"method":"other"}' >"$T/wrong"
run gc-ner --confidence model --calibration "$T/wrong" /dev/null
exits 2 'a calibration of another kind'
like "$(err)" "gc-ner: $T/wrong: *" 'is named'

cat >"$T/in" <<'END'
{"text":"Apple is looking at buying U.K. startup for $1 billion on Monday"}
END
gc-ner --confidence model "$T/in" >"$T/claimed"
echo '{"method":"platt","a":0.5,"b":-1,"labels":["ORG","GPE"]}' >"$T/map"
gc-ner --confidence model --calibration "$T/map" "$T/in" >"$T/bent"
is "$(jq -s '[.[].entities] | transpose | map(
    (.[0].confidence | if . > 1 - 1e-9 then 1 - 1e-9 else . end) as $p |
    (if .[0].label | IN("ORG", "GPE")
     then 1 / (1 + (-(0.5 * ($p / (1 - $p) | log) - 1) | exp))
     else .[0].confidence end) - .[1].confidence | fabs < 1e-9) | all' \
    "$T/claimed" "$T/bent")" true 'those labels by the formula, others as claimed'
is "$(jq -s '.[0].entities[0].confidence > .[1].entities[0].confidence' \
    "$T/claimed" "$T/bent")" true 'and it does something'
gc-ner --confidence model --calibration "$T/map" --threshold 0.9 "$T/in" |
    jq -e '.entities | all(.confidence >= 0.9)' >/dev/null
ok $? '--threshold is of what is written'

case $PWD in
*/build/*)	slow=1 ;;
*)		slow= ;;
esac
if [ -z "$DATA" ] || [ "$slow" ]; then
	skip 1 'no gold (GC_TEST_DATA), or slow under sanitizers'
else
	GC_TEST_DATA=$DATA sh bench/calibration.sh >"$T/fitted" 2>"$T/tables"
	is "$(jq -s '(.[0].a - .[1].a | fabs < 0.01) and
	    (.[0].b - .[1].b | fabs < 0.01) and .[0].labels == .[1].labels' \
	    "$T/fitted" share/calibration/en_core_web_sm-wnut17.json)" true \
	    'the map that is shipped comes out again'
	awk '/^as the model/ { e = $9 + 0 } /^calibrated/ { c = $5 + 0 }
	    END { exit !(e > 0.3 && c > 0 && c < 0.05) }' "$T/tables"
	ok $? 'on the half it has not seen, claims are what comes true'
	note "$(grep ECE "$T/tables")"
fi
done_testing
