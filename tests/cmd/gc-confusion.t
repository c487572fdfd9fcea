#!/bin/sh
# gc-confusion: its figures, its input forms, its gates.
. tests/lib.sh

get() {
	jq -c "$1" "$T/out"
}

# rec ACTUAL PREDICTED [CONFIDENCE [ID]]: one record; - is null.
rec() {
	printf '{"actual_intent":"%s","predicted_intent":"%s","c":%s,"id":"%s"}\n' \
	    "$1" "$2" "${3:-null}" "${4:-}" | sed 's/"-"/null/g'
}

{
	rec cat ant 0.9 i1
	rec ant ant 0.8 i2
	rec cat cat 0.7 i3
	rec cat cat 0.95 i4
	rec ant ant 1 i5
	rec bird cat 0 i6
} >"$T/in"

run gc-confusion -c .c -i .id "$T/in"
exits 0 'six records'
is "$(get '[.kind, .n, .abstained, .labels, .matrix]')" \
	'["confusion",6,0,["ant","bird","cat"],[[2,0,0],[0,0,1],[1,0,2]]]' \
	'labels in code-point order, rows actual, columns predicted'
is "$(get '.per_class[1] | [.label, .support, .predicted, .precision, .recall, .f1]')" \
	'["bird",1,0,null,0,0]' 'never predicted: no precision, an F1 of 0'
is "$(get '.undefined')" \
	'[{"metric":"precision","reason":"no record was predicted as this label","label":"bird"}]' \
	'what is null has a reason'
is "$(get '[.top_confusions[] | [.actual, .predicted, .n, .share, .examples]]')" \
	'[["bird","cat",1,1,["i6"]],["cat","ant",1,0.3333333333333333,["i1"]]]' \
	'confusions: ties by actual, with ids'
is "$(get '.intervals | [.level, (.accuracy | length), .kappa[0] < .kappa[1], (.macro.f1 | length)]')" \
	'[0.95,2,true,2]' 'intervals'
is "$(get '[.calibration.n, (.calibration.bins | length), .calibration.bins[0].n, .calibration.bins[9].n]')" \
	'[6,10,1,3]' 'bins are (low,high]; the double 0.9 is above 9/10'
is "$(get '[.calibration.thresholds[] | select(.threshold == 0.9) | .n, .accuracy]')" \
	'[3,0.6666666666666666]' 'coverage and accuracy from a threshold up'

run gc-confusion "$T/in"
is "$(get '[.metrics.ece, .metrics.brier, .calibration.bins, .top_confusions[0].examples]')" \
	'[null,null,[],[]]' 'without -c and --id there is no calibration, no example'

# ---- abstained, fallback, labels ----
{
	cat "$T/in"
	rec cat -
	printf '{"actual_intent":"ant"}\n'
	rec bird None
} >"$T/gaps"
run gc-confusion "$T/gaps"
is "$(get '[.n, .abstained, .coverage, .fallback, (.labels | length)]')" \
	'[7,2,0.7777777777777778,[],4]' 'records without a prediction are apart'
is "$(get '.per_class[0] | [.label, .support, .recall]')" '["None",0,null]' \
	'a label that stands only in predictions has its row'
run gc-confusion --fallback None "$T/gaps"
is "$(get '[.n, .abstained, .fallback, .labels]')" \
	'[6,3,["None"],["ant","bird","cat"]]' 'a prediction of --fallback is none'
is "$(get '.abstentions | [.none, .fallback, .answered], (.per_class[] | [.label, .none, .fallback, .answered])' | tr '\n' ' ')" \
	'[2,1,6] ["ant",1,0,2] ["bird",0,1,1] ["cat",1,0,3] ' \
	'no prediction and the fallback are columns of their own, by label'
is "$(get '.abstentions | .share > .interval[0] and .share < .interval[1]')" \
	true 'with an interval'
cp "$T/out" "$T/want"
{
	cat "$T/gaps"
	rec bird lost
	rec bird lost
	rec esim None
	rec esim -
} >"$T/more"
run gc-confusion --fallback None --fallback lost "$T/more"
is "$(get '[.fallback, .abstained], (.abstentions | [.none, .fallback, .fallbacks], (.per_class[] | [.label, .none, .fallbacks, .answered]))' | tr '\n' ' ')" \
	'[["None","lost"],7] [3,4,[2,2]] ["ant",1,[0,0],2] ["bird",0,[1,2],1] ["cat",1,[0,0],3] ["esim",1,[1,0],0] ' \
	'each of several fallbacks is a column'
is "$(get '.labels')" '["ant","bird","cat"]' \
	'what never got an answer is outside the matrix'
run gc-confusion --fallback None --fallback lost --csv "$T/more"
is "$(out)" 'actual,ant,bird,cat,(none),None,lost
ant,2,0,0,1,0,0
bird,0,0,1,0,1,2
cat,1,0,2,1,0,0
esim,0,0,0,1,1,0' 'and has its row where they are columns'
run gc-confusion --fallback None --long "$T/more"
is "$(jq -c 'select(.share == null) | [.actual, .predicted, .n]' "$T/out" | tr '\n' ' ')" \
	'["ant",null,1] ["bird","None",1] ["cat",null,1] ["esim",null,1] ["esim","None",1] ' \
	'records of the long form too'
is "$(jq -s 'map(.n) | add' "$T/out")" 13 'so that every record is in one'
gc-confusion "$T/gaps" --partial >"$T/gaps.part"
run gc-confusion --merge --fallback None "$T/gaps.part"
same "$T/out" "$T/want" 'a part knows them too, and takes a fallback later'
rec - cat | cat "$T/in" - >"$T/bad"
run gc-confusion "$T/bad"
exits 3 'a record without an actual label'
like "$(err)" 'gc-confusion: */bad:7:*no actual label' 'names its place'
run gc-confusion --reject "$T/rej" "$T/bad"
exits 0 'with --reject it goes on'
is "$(jq -c '[.line, .rule]' "$T/rej") $(get .n)" '[7,"no-actual"] 6' \
	'and says what was wrong'
rec cat cat 1.5 | cat "$T/in" - >"$T/bad"
run gc-confusion -c .c "$T/bad"
exits 3 'a confidence above 1'
printf '{"actual_intent":["a"],"predicted_intent":"a"}\n' >"$T/bad"
run gc-confusion "$T/bad"
exits 3 'a list is no label'
printf '{"t":1,"y":1.0}\n{"t":2,"y":"2"}\n{"t":true,"y":true}\n' >"$T/types"
run gc-confusion -a .t -p .y "$T/types"
is "$(get '[.labels, .metrics.accuracy]')" \
	'[["1","2","true"],1]' 'a number is the label of its text'

run gc-confusion -a '.t | tostring' -p '.y | tostring' "$T/types"
is "$(get '[.n, .labels]')" '[3,["1","2","true"]]' \
	'an expression of libjq that begins as a path'

# ---- 0/0 as scikit-learn takes it ----
sed 's/"cat","c":0,/"dog","c":0,/' "$T/in" >"$T/dog"
three() {
	get ".metrics.$1 | [.precision, .recall, .f1 | . * 1e12 | round / 1e12]"
}
run gc-confusion --zero-division 1 "$T/dog"
is "$(get '[.per_class[] | [.precision, .recall, .f1 | . * 1e12 | round / 1e12]]')" \
	'[[0.666666666667,1,0.8],[1,0,0],[1,0.666666666667,0.8],[0,1,0]]' \
	'--zero-division 1, label by label'
is "$(three macro) $(three weighted)" \
	'[0.666666666667,0.666666666667,0.4] [0.888888888889,0.666666666667,0.666666666667]' \
	'and in the means'
is "$(get '[.zero_division, (.undefined | map(select(.label)) | length)]')" \
	'[1,2]' 'what was undefined is still told'
run gc-confusion --zero-division 0 "$T/dog"
is "$(get '[.per_class[] | .precision, .recall | select(. == 0)] | length') $(three macro)" \
	'4 [0.416666666667,0.416666666667,0.4]' '--zero-division 0'
cp "$T/out" "$T/zero"
run gc-confusion --zero-division null "$T/dog"
is "$(get '[.zero_division, .per_class[1].precision]') $(three macro)" \
	'[null,null] [0.416666666667,0.416666666667,0.4]' \
	'null by default, 0 in the means'
run gc-confusion --zero-division 2 "$T/dog"
exits 2 'another value'
gc-confusion --partial "$T/dog" | gc-confusion --merge --zero-division 0 \
    >"$T/got"
same "$T/got" "$T/zero" 'parts leave it open'

# ---- lists of labels, best first ----
cat >"$T/lists" <<'EOF'
{"actual_intent":"a","predicted_intent":"a","alt":[{"n":"a"},{"n":"b"}]}
{"actual_intent":"b","predicted_intent":"a","alt":[{"n":"a"},{"n":"b"},{"n":"c"}]}
{"actual_intent":"c","predicted_intent":"a","alt":[{"n":"a"},{"n":"b"},{"n":"c"}]}
{"actual_intent":"d","predicted_intent":"a","alt":[{"n":"a"}]}
{"actual_intent":"7","predicted_intent":null,"alt":[{"n":null},{"n":7}]}
{"actual_intent":"a","predicted_intent":"a","alt":[]}
EOF
run gc-confusion --ranked '.alt[].n' --ranks 3 "$T/lists"
is "$(get '[.top_k[] | [.k, .n, .correct, .accuracy]]')" \
	'[[1,5,2,0.4],[2,5,3,0.6],[3,5,4,0.8]]' \
	'top-k accuracy: is it among the first k?'
is "$(get '.top_k[1] | .interval[0] < .accuracy and .accuracy < .interval[1]')" \
	true 'with an interval'
is "$(get '[.n, .abstained]')" '[5,1]' 'the matrix is as it was'
cp "$T/out" "$T/want"
for i in 1 2 3; do
	awk "NR % 3 == $i - 1" "$T/lists" |
	    gc-confusion --ranked '.alt[].n' --partial
done >"$T/part"
run gc-confusion --merge --ranks 3 "$T/part"
same "$T/out" "$T/want" 'and from parts'
run gc-confusion --ranked '.alt' "$T/lists"
exits 3 'a list is no label here either'
run gc-confusion "$T/lists"
is "$(get .top_k)" '[]' 'without --ranked there is none'

# ---- other labels ----
{
	rec billing.refund billing.refund
	rec billing.refund billing.invoice
	rec billing.invoice sales
	rec sale sales
} >"$T/tree"
run gc-confusion --roll-up 'billing.*' "$T/tree"
is "$(get '[.labels, .matrix]')" \
	'[["billing.*","sale","sales"],[[2,0,1],[0,0,1],[0,0,0]]]' \
	'--roll-up takes a family for one label'
echo '{"sale":"sales","sales":"sale"}' >"$T/map"
run gc-confusion --roll-up 'billing.*' --map "$T/map" "$T/tree"
is "$(get '[.labels, .matrix]')" \
	'[["billing.*","sale","sales"],[[2,1,0],[0,0,0],[0,1,0]]]' \
	'--map changes each label once'
cp "$T/out" "$T/want"
gc-confusion --roll-up 'billing.*' --map "$T/map" --partial "$T/tree" >"$T/part"
run gc-confusion --roll-up 'billing.*' --map "$T/map" --merge "$T/part"
same "$T/out" "$T/want" 'and not again where parts are merged'
echo '{"sale":1}' >"$T/map"
run gc-confusion --map "$T/map" "$T/tree"
exits 3 'a label becomes a string'
run gc-confusion --roll-up billing "$T/tree"
exits 2 'a prefix without a star'

# ---- other shapes ----
run gc-confusion -i .id --csv "$T/in"
is "$(out)" 'actual,ant,bird,cat
ant,2,0,0
bird,0,0,1
cat,1,0,2' '--csv'
printf '{"actual_intent":"a,\\"b","predicted_intent":"c"}\n' >"$T/quote"
run gc-confusion --csv "$T/quote"
is "$(out)" 'actual,"a,""b",c
"a,""b",0,1
c,0,0' 'labels quoted where they must be'
{
	rec '(none)' '(none)'
	rec '(none)' -
	rec actual '(none)'
	rec None actual
	rec None None
} >"$T/names"
run gc-confusion --fallback None --csv "$T/names"
is "$(out)" '(actual),(none),None,actual,((none)),(None)
(none),1,0,0,1,0
None,0,0,1,0,1
actual,1,0,0,0,0' \
	'--csv: a column that is no label is told from a label of its name'
is "$(sed 1q "$T/out" | tr , '\n' | sort | uniq -d)" '' \
	'no two columns have one name'
{
	rec '=1+1' '@SUM(A1)'
	rec -2 +3
	rec a,b -
} >"$T/formula"
run gc-confusion --csv --excel-safe "$T/formula"
is "$(out)" "actual,'+3,'-2,'=1+1,'@SUM(A1),(none)
'+3,0,0,0,0,0
'-2,1,0,0,0,0
'=1+1,0,0,0,1,0
'@SUM(A1),0,0,0,0,0
\"a,b\",0,0,0,0,1" '--excel-safe: no label is a formula'
run gc-confusion --excel-safe "$T/in"
exits 2 '--excel-safe without --csv'

run gc-confusion -i .id --long "$T/in"
is "$(get '[.actual, .predicted, .n, .lift, .examples]' | tr '\n' ' ')" \
	'["ant","ant",2,2,[]] ["bird","cat",1,2,["i6"]] ["cat","ant",1,0.6666666666666666,["i1"]] ["cat","cat",2,1.3333333333333333,[]] ' \
	'--long: a record a cell'
for i in 1 2 3 4 5 6 7 8 9; do
	rec big big
	[ $i -gt 3 ] || rec big mid
	[ $i -gt 2 ] || rec mid small
	[ $i -gt 1 ] || rec small mid
done >"$T/pairs"
for how in count share lift; do
	run gc-confusion --order $how "$T/pairs"
	get "[.top_confusions[] | .actual + .predicted]"
done >"$T/orders"
is "$(tr '\n' ' ' <"$T/orders")" \
	'["bigmid","midsmall","smallmid"] ["midsmall","smallmid","bigmid"] ["midsmall","smallmid","bigmid"] ' \
	'confusions by count, share and lift'
rec huge mid >>"$T/pairs"
rec huge huge >>"$T/pairs"
run gc-confusion --order lift "$T/pairs"
is "$(get '[.top_confusions[] | .lift] | . == (sort | reverse)')" true \
	'lift falls'
run gc-confusion --order name "$T/pairs"
exits 2 'in no other order'
run gc-confusion --sparse "$T/in"
is "$(get '[.matrix, .cells]')" '[null,[[0,0,2],[1,2,1],[2,0,1],[2,2,2]]]' \
	'--sparse: the cells that are not 0'
awk 'BEGIN { for (i = 0; i < 12000; i++) printf \
	"{\"actual_intent\":\"l%d\",\"predicted_intent\":\"l%d\"}\n", i, i % 7 ? i : i / 2 }' >"$T/wide"
run gc-confusion "$T/wide"
is "$(get '[.n, (.labels | length), .matrix, (.cells | length)]')" \
	'[12000,12000,null,12000]' 'thousands of labels are sparse by themselves'
run gc-confusion --csv --long "$T/in"
exits 2 'two shapes at once'
run gc-confusion --csv --fail-if .n "$T/in"
exits 2 'a gate without a document'

run gc-confusion /dev/null
exits 0 'no records at all'
is "$(get '[.n, .labels, .matrix, .metrics.accuracy, .metrics.macro.f1, .intervals.accuracy, .per_class]')" \
	'[0,[],[],null,null,null,[]]' 'and nothing is 0'

# ---- parts ----
gc-confusion -c .c -i .id "$T/in" >"$T/want"
for i in 0 1 2; do
	awk "NR % 3 == $i" "$T/in" | gc-confusion -c .c -i .id --partial \
	    >"$T/part$i"
done
run gc-confusion --merge "$T/part2" "$T/part0" "$T/part1"
same "$T/out" "$T/want" 'three parts in any order are the whole, to the byte'
run gc-confusion --merge -j 3 "$T/part2" "$T/part0" "$T/part1"
same "$T/out" "$T/want" 'in threads too'
gc-confusion -c .c -i .id --partial "$T/in" >"$T/whole"
run gc-confusion --merge --partial "$T/part2" "$T/part0" "$T/part1"
same "$T/out" "$T/whole" 'parts merge into the same part'
run gc-confusion --merge --bins 5 "$T/whole"
exits 3 'parts of other bins do not fit'
run gc-confusion --merge "$T/in"
exits 3 'records are no parts'
for cell in '"actual":null,"predicted":"a"' '"actual":["a"],"predicted":"a"' \
    '"actual":"a","predicted":{}' '"actual":1,"predicted":"a"'; do
	echo "{$cell,\"n\":1,\"examples\":[]}" >"$T/cell"
	run gc-confusion --merge "$T/cell"
	exits 3 "no cell has $cell"
done
gc-confusion -c .c --equal-mass --bins 3 "$T/in" >"$T/want"
for i in 0 1 2; do
	awk "NR % 3 == $i" "$T/in" | gc-confusion -c .c --equal-mass \
	    --bins 3 --partial >"$T/part$i"
done
run gc-confusion --merge --equal-mass --bins 3 "$T/part1" "$T/part2" "$T/part0"
same "$T/out" "$T/want" 'and with bins of equal mass'
is "$(get '[.calibration.method, [.calibration.bins[].n]]')" \
	'["equal-mass",[2,2,2]]' 'two records each'

# ---- gates ----
run gc-confusion --fail-if '.metrics.accuracy < 0.5' "$T/in"
exits 0 'a gate that holds'
run gc-confusion --fail-if '.metrics.accuracy < 0.5' \
    --fail-if '.per_class[] | select(.label == "bird").f1 < .8' "$T/in"
exits 1 'one that does not'
is "$(get .n)" 6 'the document is written all the same'
like "$(err)" 'gc-confusion: gate missed: .per_class*' 'it says which'
run gc-confusion --fail-if '.metrics.' "$T/in"
exits 2 'a gate that does not compile'

# ---- two models ----
# Ids 1-30: both right; 31-42: now right; 43-45: now wrong; 46-50: neither.
awk 'BEGIN { for (i = 1; i <= 50; i++) {
	a = i % 2 ? "x" : "y"
	old = i <= 30 || (i > 42 && i <= 45) ? a : "z"
	new = i <= 42 ? a : "z"
	printf "{\"id\":%d,\"a\":\"%s\",\"p\":\"%s\"}\n", i, a, old >"'"$T/old"'"
	printf "{\"id\":%d,\"a\":\"%s\",\"p\":\"%s\"}\n", 51 - i, (51 - i) % 2 ? "x" : "y",
	    51 - i <= 42 ? ((51 - i) % 2 ? "x" : "y") : "z" >"'"$T/new"'"
} }'
run gc-confusion -a .a -p .p -i .id --compare "$T/old" "$T/new"
exits 0 'the same records by another model'
is "$(get '.compare | [.n, .both, .gained, .lost, .neither, .old, .new]')" \
	'[50,30,12,3,5,0.66,0.84]' 'paired by id, in any order'
is "$(get '.compare | .mcnemar.p_value, .mcnemar.mid_p | . * 100000 | round' | tr '\n' ' ')" \
	'3516 2127 ' "McNemar's test: 1152/32768, and less half of its last term"
is "$(get '.compare | .low > 0 and .low < .difference and .difference < .high')" \
	true 'the difference and its interval'
is "$(get '[.compare.per_class[] | [.label, .n, .gained, .lost, .p_adjusted >= .p_value]]')" \
	'[["x",25,6,2,true],["y",25,6,1,true]]' 'label by label'
cp "$T/out" "$T/want"
run gc-confusion -a .a -p .p -i .id --compare "$T/old" -j 3 "$T/new"
same "$T/out" "$T/want" 'in threads too'
{
	cat "$T/new"
	echo '{"id":1,"a":"x","p":"x"}'
	echo '{"id":99,"a":"x","p":"x"}'
	echo '{"a":"x","p":null}'
} >"$T/odd"
sed -n 2,50p "$T/old" >"$T/less"
sed -n 2p "$T/old" >>"$T/less"
run gc-confusion -a .a -p .p -i .id --compare "$T/less" "$T/odd"
is "$(get '.compare | [.n, .only_old, .only_new, .twice, .without_id]')" \
	'[48,0,3,1,1]' 'what has no partner, or more than one, is counted'
echo '{"id":1,"a":"x","p":"x"}
{"id":2,"a":"x","p":"x"}
{"id":3,"a":"z","p":null}' >"$T/before"
echo '{"id":1,"a":"x","p":"x"}
{"id":2,"a":"y","p":"y"}
{"id":3,"a":"z","p":"z"}' >"$T/after"
run gc-confusion -a .a -p .p -i .id --compare "$T/before" "$T/after"
is "$(get '.compare | [.n, .both, .gained, .lost, .relabelled]')" '[2,1,1,0,1]' \
    'where the sides differ in the actual label, nobody was right or wrong'
run gc-confusion -a .a -p .p -i .id --compare "$T/old" \
    --fail-if '.compare.mcnemar.mid_p < .05 and .compare.difference > 0' "$T/new"
exits 1 'a gate on the comparison'
run gc-confusion -a .a -p .p --compare "$T/old" "$T/new"
exits 2 'without --id nothing can be paired'
run gc-confusion -a .a -p .p -i .id --compare "$T/nowhere" "$T/new"
exits 2 'a file that is not there'
echo '{"id":1,"p":"x"}' >"$T/bad"
run gc-confusion -a .a -p .p -i .id --compare "$T/bad" "$T/new"
exits 3 'an old record without an actual label'
like "$(err)" "gc-confusion: */bad:1*no actual label" 'its place is named'

# ---- the platform's report ----
cat >"$T/report" <<'EOF'
{"version":{"id":"v1"},"confusionMatrix":[{"name":"refund","columns":[{"name":"refund","value":8.0},{"name":"cancel","value":2.0}]},{"name":"cancel","columns":[{"name":"refund","value":0.0},{"name":"cancel","value":5.0}]}],"summary":{"metrics":[]}}
EOF
run gc-confusion "$T/report"
is "$(get '[.labels, .matrix]')" '[["cancel","refund"],[[5,0],[2,8]]]' \
	"the platform's own report"
sed 's/8.0/0.8/' "$T/report" >"$T/shares"
run gc-confusion "$T/shares"
exits 3 'shares are no counts'

# ---- the references ----
if [ -z "$DATA" ]; then
	skip 9 'no test data'
	done_testing
	exit
fi
cases=$DATA/stats/classification_cases.json
n=$(jq length "$cases")
i=0
wrong=
while [ "$i" -lt "$n" ]; do
	jq -c ".[$i] | [.y_true, .y_pred, (.confidence // [.y_true[] | null])]
	    | transpose[] | {a: .[0], p: .[1], c: .[2]}" "$cases" >"$T/case"
	gc-confusion -a .a -p .p -c .c "$T/case" >"$T/got" ||
	    wrong="$wrong $i:exit"
	w=$(jq -n --slurpfile r "$cases" --slurpfile g "$T/got" \
	    --argjson i "$i" '
	def near($w): ((. // 0) - $w) | fabs <= 1e-12;
	def same($w): (.precision | near($w.precision)) and
	    (.recall | near($w.recall)) and (.f1 | near($w["f1-score"]));
	$r[0][$i] as $c | $g[0] as $g | $c.report_zero_division_0 as $p |
	([$g.per_class[] | select($p[.label]) | same($p[.label])] | all) and
	(if $c.labels != $g.labels then true else
	    $g.matrix == $c.confusion_matrix and
	    ($g.metrics.macro | same($p["macro avg"])) and
	    ($g.metrics.weighted | same($p["weighted avg"])) end) and
	($g.metrics.accuracy | near($c.accuracy)) and
	($g.metrics.balanced_accuracy | near($c.balanced_accuracy)) and
	($g.metrics.mcc | near($c.matthews_corrcoef)) and
	(if $c.cohen_kappa == "nan" then $g.metrics.kappa == null
	    else $g.metrics.kappa | near($c.cohen_kappa) end) and
	($c.calibration == null or
	    ($g.metrics.ece | near($c.calibration[] |
	    select(.bins == 10 and .convention == "(lo,hi]").ece)))')
	[ "$w" = true ] || wrong="$wrong $i"
	jq -r --arg name "$(jq -r ".[$i].name" "$cases")" '
	    (.metrics | to_entries[] | select(.value == null and
	    (.key | IN("accuracy", "balanced_accuracy", "mcc"))) |
	    "\($name): \(.key)"), (.per_class[] | .label as $l |
	    ("precision", "recall", "f1") as $k | select(.[$k] == null) |
	    "\($name): \($k) of \($l)")' "$T/got" >>"$T/null"
	i=$((i + 1))
done
is "$wrong" '' "all $n cases of the reference, to twelve digits"
# Where scikit-learn writes 0, ours is 0/0; nowhere else.
cat >"$T/want" <<'EOF'
sklearn-cats: precision of bird
sklearn-report-2: mcc
sklearn-report-2: recall of 0
one-class: mcc
one-predicted: mcc
one-predicted: precision of b
one-predicted: precision of c
never-predicted: precision of c
predicted-not-actual: recall of z
disjoint-labels: precision of a
disjoint-labels: precision of b
disjoint-labels: recall of x
disjoint-labels: recall of y
single: mcc
single-wrong: mcc
single-wrong: precision of a
single-wrong: recall of b
label-order: precision of 10
label-order: precision of Z
label-order: precision of b
label-order: recall of z
csv-hostile-labels: precision of <b>&amp;</b>
csv-hostile-labels: precision of trail@
csv-hostile-labels: precision of 😀
ece-edges: mcc
ece-edges: recall of b
ece-all-one: mcc
ece-all-one: recall of b
ece-mixed-sign: mcc
ece-mixed-sign: recall of b
EOF
sed 's/ $/@/' "$T/null" >"$T/got"
same "$T/got" "$T/want" 'what is null is 0/0, and 0 for scikit-learn'

# ---- strings that break things, as labels and ids ----
jq -c '. as $b | to_entries[] | {id: .value, actual_intent: .value,
    predicted_intent: $b[if .key % 3 == 0 then .key else .key * 7 % ($b |
    length) end]}' "$DATA/blns/blns.json" >"$T/naughty"
jq -sc 'group_by([.actual_intent, .predicted_intent])[] |
    [.[0].actual_intent, .[0].predicted_intent, length]' "$T/naughty" |
    LC_ALL=C sort >"$T/want"
run gc-confusion -i .id --long "$T/naughty"
jq -c '[.actual, .predicted, .n]' "$T/out" | LC_ALL=C sort >"$T/got"
same "$T/got" "$T/want" 'naughty strings are counted as jq counts them'
run gc-confusion -i .id "$T/naughty"
is "$(jq '(.labels | . == (unique_by(explode) | sort_by(explode))) and
    ([.matrix[][]] | add) == .n' "$T/out")" true 'and in code-point order'
cp "$T/out" "$T/want"
split -l 101 "$T/naughty" "$T/naughty."
for p in "$T"/naughty.*; do
	gc-confusion -i .id --partial "$p"
done >"$T/part"
run gc-confusion --merge "$T/part"
same "$T/out" "$T/want" 'and merged'

in=$DATA/banking77/predictions.ndjson
ref=$DATA/banking77/reference.json
run gc-confusion -c .confidence -i .conversationId "$in"
exits 0 'banking77'
is "$(jq -n --slurpfile g "$T/out" --slurpfile r "$ref" '
	def near($w): (. - $w) | fabs <= 1e-12;
	$g[0] as $g | $r[0] as $r | $g.labels == $r.labels and
	$g.matrix == $r.confusion_matrix.matrix and
	($g.metrics.kappa | near($r.cohen_kappa)) and
	($g.metrics.mcc | near($r.matthews_corrcoef)) and
	($g.metrics.macro.f1 | near($r.f1.macro)) and
	($g.metrics.ece | near($r.calibration[0].ece)) and
	($g.metrics.brier | near($r.top_label_brier)) and
	[$g.top_confusions[] | {actual, predicted, count: .n}] ==
	    $r.top_confusions and
	$g.confused_pairs == $r.distinct_confused_pairs')" true \
	'every figure, to twelve digits'
cp "$T/out" "$T/want"
run gc-confusion -c .confidence -i .conversationId -j 4 "$in"
same "$T/out" "$T/want" 'the same bytes with four threads'
split -l 700 "$in" "$T/split."
for p in "$T"/split.*; do
	gc-confusion -c .confidence -i .conversationId --partial "$p"
done | sort -r >"$T/parts"
run gc-confusion --merge "$T/parts"
same "$T/out" "$T/want" 'and from five parts, their lines in another order'

done_testing
