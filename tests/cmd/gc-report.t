#!/bin/sh
# gc-report: what it makes of documents and rows, in every form.
. tests/lib.sh

# Documents as the other programs write them, small enough to read.
cat >"$T/docs" <<'E1'
{"kind":"evaluation","id":"e-1","status":"completed","metrics":{"accuracy":0.5,"precision":0.4,"recall":0.3,"f1Score":0.2}}
{"kind":"confusion","n":9,"labels":["a","b, c","d"],"matrix":[[4,1,0],[0,3,0],[1,0,0]],"metrics":{"accuracy":0.7777777777777778,"macro":{"precision":0.5166666666666667,"recall":0.6,"f1":0.5555555555555556}}}
{"kind":"drift","test":"homogeneity","p_value":0.03125,"drifted":true}
{"kind":"evaluation","id":"e-2","metrics":{"accuracy":0.90,"precision":0.8125,"recall":1,"f1Score":1e-7}}
E1

# ---- summary ----

run gc-report summary "$T/docs"
exits 0 'summary'
cat >"$T/want" <<'E1'
Metric,Value
Accuracy,0.9
Precision,0.8125
Recall,1
F1 Score,1e-07
Drift P-Value,0.03125
E1
same "$T/out" "$T/want" 'the last evaluation and the last drift'
is "$(err)" '' 'and nothing on stderr'

grep -v evaluation "$T/docs" >"$T/in"
run gc-report summary "$T/in"
cat >"$T/want" <<'E1'
Metric,Value
Accuracy,0.7777777777777778
Precision,0.5166666666666667
Recall,0.6
F1 Score,0.5555555555555556
Drift P-Value,0.03125
E1
same "$T/out" "$T/want" 'without evaluation: the confusion, macro over all'
like "$(err)" '*no evaluation document*macro over all labels*' 'which is said'

printf '%s\n' '{"kind":"evaluation","metrics":{"accuracy":null}}' \
	'{"kind":"drift","p_value":null}' >"$T/in"
run gc-report summary "$T/in"
is "$(out | tr '\n' ' ')" \
	'Metric,Value Accuracy, Precision, Recall, F1 Score, Drift P-Value, ' \
	'null is an empty cell'
run gc-report summary -f json "$T/docs"
is "$(jq -c '[.kind, .accuracy, .precision, .recall, .f1_score,
    .drift_p_value, .source]' "$T/out")" \
	'["summary",0.9,0.8125,1,1e-07,0.03125,"evaluation"]' 'as JSON'
run gc-report summary --crlf "$T/docs"
is "$(out | tr '\r' '!' | head -2 | tr '\n' ' ')" \
	'Metric,Value! Accuracy,0.9! ' '--crlf'
run gc-report summary -f tsv "$T/docs"
is "$(out | tr '\t' '!' | head -2 | tail -1)" 'Accuracy!0.9' 'as TSV'
run gc-report summary -o "$T/s.csv" "$T/docs"
is "$code$(out)$(sed -n 2p "$T/s.csv")" '0Accuracy,0.9' 'into a file'

echo '{"x":1}' >"$T/in"
run gc-report summary "$T/in"
exits 3 'no document at all'
echo '{"kind":"drift","p_value":"0.5"}' >"$T/in"
run gc-report summary <"$T/in"
exits 3 'a p-value that is no number'
like "$(err)" 'gc-report: stdin:1: drift document: *' 'and where it stands'
{ echo '{"kind":"evaluation","metrics":{"accuracy":"high"}}'
	cat "$T/docs"; } >"$T/in"
run gc-report summary --reject "$T/rejects" "$T/in"
exits 0 'a bad document goes to --reject'
is "$(jq -r '.rule, .line' "$T/rejects" | tr '\n' ' ')" 'document 1 ' \
	'with its rule and line'

# ---- matrix ----

run gc-report matrix "$T/docs"
exits 0 'matrix'
cat >"$T/want" <<'E1'
actual,a,"b, c",d,All
a,4,1,0,5
"b, c",0,3,0,3
d,1,0,0,1
All,5,4,0,9
E1
same "$T/out" "$T/want" 'a crosstab with margins, a label only on one side too'
run gc-report matrix -f json "$T/docs"
is "$(jq -c '[.labels, .matrix, .actual, .predicted, .n]' "$T/out")" \
	'[["a","b, c","d"],[[4,1,0],[0,3,0],[1,0,0]],[5,3,1],[5,4,0],9]' \
	'as JSON'
grep drift "$T/docs" >"$T/in"
run gc-report matrix "$T/in"
exits 3 'no confusion, no matrix'
for bad in '{"labels":["a"],"matrix":[[1,2]]}' \
	'{"labels":["a","b"],"matrix":[[1,2]]}' \
	'{"labels":["a"],"matrix":[[-1]]}' \
	'{"labels":["a"],"matrix":[["1"]]}' '{"labels":[1],"matrix":[[1]]}' \
	'{"labels":["a"]}' '{"matrix":[]}'; do
	echo "$bad" | sed 's/{/{"kind":"confusion",/' >"$T/in"
	run gc-report matrix "$T/in"
	exits 3 "refused: $bad"
done
echo '{"kind":"confusion","labels":[],"matrix":[]}' >"$T/in"
run gc-report matrix "$T/in"
is "$(out | tr '\n' ' ')" 'actual,All All,0 ' 'an empty matrix'

if [ "$DATA" ]; then
	jq -c '{kind: "confusion", n: .n, labels: .confusion_matrix.labels,
	    matrix: .confusion_matrix.matrix}' \
		"$DATA/banking77/reference.json" >"$T/b77"
	run gc-report matrix "$T/b77"
	same "$T/out" "$DATA/banking77/crosstab.csv" 'as pandas writes it'
else
	skip 1 'no test data'
fi

# ---- usage ----

run gc-report
exits 2 'no subject'
run gc-report sumary "$T/docs"
exits 2 'an unknown subject'
run gc-report matrix -o "$T/x.gif" "$T/docs"
exits 2 'a form that there is not'
like "$(err)" '*csv*not as .gif*' 'which is said'
run gc-report matrix "$T/absent"
exits 2 'a file that is not there'

done_testing
