#!/bin/sh
# gc-drift: its answers, its input forms, its exit codes.
. tests/lib.sh

# counts NAME=N...: records of counts.
counts() {
	for c in "$@"; do
		printf '{"category":"%s","count":%s}\n' "${c%=*}" "${c#*=}"
	done
}

# records VALUE N ...: N records {"i": VALUE} each.
records() {
	while [ $# -gt 0 ]; do
		yes "{\"i\":\"$1\"}" | head -"$2"
		shift 2
	done
}

# get FILTER: what jq finds in the last answer.
get() {
	jq -c "$1" "$T/out"
}

counts a=60 b=30 c=10 >"$T/base"
counts a=50 b=30 d=20 >"$T/now"

run gc-drift --counts -b "$T/base" "$T/now"
exits 0 'two files of counts'
is "$(get '[.kind, .test, .df, .n_baseline, .n_current, .verdict, .drifted]')" \
	'["drift","homogeneity",3,100,100,"drift",true]' 'the answer'
is "$(get '[.categories[] | [.category, .status]]')" \
	'[["d","new"],["c","vanished"],["a","same"],["b","same"]]' \
	'what moved most comes first; what came and went is named'
is "$(get '.categories[] | select(.category == "b") |
    [.difference, .residual, .z, .baseline, .current]')" '[0,0,0,0.3,0.3]' \
	'what did not move is 0, not -0'
is "$(get '.categories[0] | (.low < .difference and .difference < .high)')" \
	true 'the interval holds the difference'

run gc-drift --counts -b "$T/base" --exit-code "$T/now"
exits 1 'drift with --exit-code'
run gc-drift --counts -b "$T/base" -x "$T/base"
exits 0 'no drift with --exit-code'
is "$(get '[.statistic, .p_value, .log10_p, .verdict, .effect.tvd]')" \
	'[0,1,0,"no drift",0]' 'a baseline has not drifted from itself'
run gc-drift --counts -b "$T/base" -x -e 0.5 "$T/now"
exits 0 'an effect below --min-effect is no drift'
is "$(get '[.verdict, .p_value < 1e-5]')" '["no drift",true]' \
	'its p-value is still given'
run gc-drift --counts -b "$T/base" -x -n 101 "$T/now"
exits 0 'too few records are no drift either'
is "$(get '[.verdict, (.warnings | length), .statistic > 30]')" \
	'["insufficient",1,true]' 'nor "no drift"; the statistic is given'
is "$(get '.detectable | .cramers_v > 0.2 and .cramers_v < 0.25')" true \
	'and what could have been seen'

# The tutorial's defects, each a test.
counts a=600 b=300 c=100 >"$T/ten"
run gc-drift --counts -b "$T/ten" -t gof "$T/base"
is "$(get '[.statistic, .p_value]')" '[0,1]' \
	'defect: totals that differ are scaled, not an error'
run gc-drift --counts -b "$T/base" -t gof "$T/now"
is "$(get '[.statistic, .p_value, .log10_p, .verdict]')" \
	'[null,null,null,"insufficient"]' \
	'defect: a zero in the baseline is no infinite chi-square'
like "$(get '.warnings[0]')" '*baseline lacks*' 'it says why'

# ---- special cases of section 8 ----
: >"$T/none"
run gc-drift --counts -b "$T/base" -x "$T/none"
exits 0 'a side without counts'
is "$(get '[.statistic, .p_value, .effect.cramers_v, .verdict]')" \
	'[0,1,null,"insufficient"]' 'is insufficient'
run gc-drift --counts -b "$T/none" "$T/none"
exits 0 'two sides without counts'
is "$(get '[.statistic, .p_value, .effect.cramers_v, .verdict]')" \
	'[0,1,null,"insufficient"]' 'are insufficient'
counts only=50 >"$T/one"
run gc-drift --counts -b "$T/one" "$T/one"
is "$(get '[.df, .statistic, .p_value, .effect.cramers_v, .verdict]')" \
	'[0,0,1,null,"insufficient"]' 'one category'
counts a=30 b=0 c=30 >"$T/z1"
counts a=25 b=0 c=35 >"$T/z2"
run gc-drift --counts -b "$T/z1" "$T/z2"
is "$(get '.df')" 1 'categories empty on both sides are left out'

# ---- the choice of test ----
counts a=40 b=40 c=2 >"$T/s1"
counts a=36 b=44 c=3 >"$T/s2"
run gc-drift --counts -b "$T/s1" "$T/s2"
is "$(get '[.test, .rounds, .p_value > 0.6, .p_error < 0.01]')" \
	'["monte-carlo",9999,true,true]' \
	'an expected count below 5: tables are drawn'
cp "$T/out" "$T/first"
run gc-drift --counts -b "$T/s1" "$T/s2"
same "$T/out" "$T/first" 'the same seed, the same bytes'
run gc-drift --counts -b "$T/s1" --seed 2 "$T/s2"
is "$(cmp -s "$T/out" "$T/first" || echo differs)" differs 'another seed'
run env GC_SEED=2 bin/gc-drift --counts -b "$T/s1" "$T/s2"
cp "$T/out" "$T/first"
run gc-drift --counts -b "$T/s1" --seed 2 "$T/s2"
same "$T/out" "$T/first" 'GC_SEED is --seed'
run gc-drift --counts -b "$T/s1" -t homogeneity "$T/s2"
is "$(get '[.test, .verdict]')" '["homogeneity","insufficient"]' \
	'the named test is given, and its verdict is that it may not'
awk 'BEGIN { for (i = 1; i <= 1000; i++)
	printf("{\"category\":\"c%d\",\"count\":%d}\n", i, 13360 / i) }' >"$T/zipf"
run gc-drift --counts -b "$T/zipf" -t g "$T/zipf"
is "$(get '[.test, .p_value, .verdict]')" '["g",1,"insufficient"]' \
	'the likelihood ratio of a thousand categories'
like "$(get '.warnings[0]')" '*G too large*' 'says why not'
run gc-drift --counts -b "$T/zipf" "$T/zipf"
is "$(get '[.test, .verdict]')" '["homogeneity","no drift"]' \
	'of which chi-square thinks nothing'
run gc-drift --counts -b "$T/s1" -t exact "$T/s2"
is "$(get '[.test, .p_value > 0.6, .p_value < 0.8, .verdict]')" \
	'["exact",true,true,"no drift"]' 'all tables'
p=$(get '.p_value')
run gc-drift --counts -b "$T/s1" -t monte-carlo --rounds 99999 "$T/s2"
is "$(get "(.p_value - $p) | fabs < 0.05")" true \
	'drawn and exact p-values agree about'

# ---- numbers ----
printf '{"x":0.99}\n{"x":1.99}\n' >"$T/two"
printf '{"x":1}\n{"x":2}\n{"x":3}\n{"x":4.0}\n' >"$T/four"
run gc-drift -k .x -b "$T/two" -t ks -n 2 "$T/four"
is "$(get '[.test, .statistic, .p_value, .df, .verdict, .at, .categories]')" \
	'["ks",0.75,0.4,null,"no drift",1.99,[]]' 'Kolmogorov and Smirnov'
is "$(get '.quantiles[] | select(.q == 0.5) | [.baseline, .current]')" \
	'[0.99,2]' 'quantiles'
awk 'BEGIN { for (i = 1; i <= 100; i++) print "{\"x\":" i "}" }' >"$T/x1"
awk 'BEGIN { for (i = 1; i <= 100; i++) print "{\"x\":" i + 30 "}" }' >"$T/x2"
run gc-drift -k .x -b "$T/x1" -t ks -x "$T/x2"
exits 1 'numbers that moved'
is "$(get '[.effect.ks, .effect.wasserstein, .effect.cramers_v]')" \
	'[0.3,30,null]' 'by how much'
gc-drift -k .x --partial "$T/x2" >"$T/x2.counts"
cp "$T/out" "$T/want"
run gc-drift --merge -b "$T/x1" -k .x -t ks "$T/x2.counts"
same "$T/out" "$T/want" 'counts of numbers'
run gc-drift -k '.x / 7 | floor' -b "$T/x1" -t ks "$T/x2"
is "$(get '.p_value_ties < .p_value and .p_value_ties > 0')" true \
	'with equal numbers there is a smaller p-value'
like "$(get '.warnings[0]')" '*equal numbers*' 'and a word on it'
run gc-drift -k .x -b "$T/x1" -t ks -x -e 0.31 "$T/x2"
exits 0 'D below --min-effect'
run gc-drift -k .x -b "$T/x1" -t ks /dev/null
is "$(get '[.statistic, .p_value, .verdict]')" '[0,1,"insufficient"]' \
	'no numbers at all'
printf '{"x":"1"}\n' >"$T/word"
run gc-drift -k .x -b "$T/x1" -t ks "$T/word"
exits 3 'a word is no number'

# ---- records ----
records a 60 b 30 c 10 >"$T/base.rec"
records a 50 b 30 d 20 >"$T/now.rec"
run gc-drift --counts -b "$T/base" "$T/now"
cp "$T/out" "$T/want"
run gc-drift -k .i -b "$T/base" "$T/now.rec"
same "$T/out" "$T/want" 'records against counts'
run gc-drift -k .i -b "$T/base.rec" "$T/now.rec"
same "$T/out" "$T/want" 'records against records'
run gc-drift -k .i --counts -b "$T/base.rec" "$T/now"
same "$T/out" "$T/want" 'counts against records'
run gc-drift -k '.i | ascii_downcase' -b "$T/base.rec" -j 4 "$T/now.rec"
same "$T/out" "$T/want" 'an expression of libjq, in threads'
run gc-drift --counts -b "$T/base.rec" "$T/now"
exits 2 'a baseline of records needs -k'
printf '{"i":null}\n{}\n{"i":"a"}\n' | cat - "$T/now.rec" >"$T/gaps.rec"
run gc-drift -k .i -b "$T/base" "$T/gaps.rec"
is "$(get '[.n_current, .missing.current]')" '[101,2]' \
	'records without a value are counted apart'
printf '{"t":["a","b"]}\n{"t":["a"]}\n{"t":[]}\n' >"$T/lists"
run gc-drift -k '.t[]' --partial "$T/lists"
is "$(out | tr '\n' ' ')" '{"category":"a","count":2} {"category":"b","count":1} {"category":null,"count":1} ' \
	'[] counts each'
printf '{"v":1.0}\n{"v":"1"}\n{"v":1}\n{"v":true}\n{"v":"\\u0041"}\n{"v":"A"}\n' >"$T/types"
run gc-drift -k .v --partial "$T/types"
is "$(out | tr '\n' ' ')" '{"category":true,"count":1} {"category":1,"count":2} {"category":"1","count":1} {"category":"A","count":2} ' \
	'equal values are one category, others are not'

# ---- parts ----
awk 'NR % 3 == 0' "$T/now.rec" >"$T/p1"
awk 'NR % 3 == 1' "$T/now.rec" >"$T/p2"
awk 'NR % 3 == 2' "$T/now.rec" >"$T/p3"
for i in 3 1 2; do
	gc-drift -k .i --partial "$T/p$i" >>"$T/parts"
done
run gc-drift --merge -b "$T/base" "$T/parts"
same "$T/out" "$T/want" 'three parts in any order are the whole'
run gc-drift --merge --partial "$T/parts"
cp "$T/out" "$T/merged"
run gc-drift -k .i --partial "$T/now.rec"
same "$T/out" "$T/merged" 'and merge into one part'
run gc-drift --counts -b "$T/merged" "$T/now"
is "$(get .verdict)" '"no drift"' 'a part is a baseline'

# ---- groups ----
sed 's/}/,"q":"x"}/' "$T/now.rec" >"$T/g.rec"
sed 's/}/,"q":"y"}/' "$T/base.rec" >>"$T/g.rec"
run gc-drift -k .i --by .q -b "$T/base" -x "$T/g.rec"
exits 1 'drift in one group'
is "$(get '[.group, .verdict, .p_adjusted >= .p_value]' | tr '\n' ' ')" \
	'["x","drift",true] ["y","no drift",true] ' 'an answer a group'
cp "$T/out" "$T/want.g"
gc-drift -k .i --by .q --partial "$T/g.rec" >"$T/gparts"
run gc-drift --merge -b "$T/base" -x "$T/gparts"
same "$T/out" "$T/want.g" 'groups go through parts'
run gc-drift --merge -b "$T/gparts" "$T/gparts"
is "$(get '[.group, .statistic, .n_baseline]' | tr '\n' ' ')" \
	'["x",0,100] ["y",0,100] ' 'groups against the same groups'

# ---- the same weekday ----
# 2026-03-02 is a Monday; Mondays have 60 a, 40 b, other days 20 and 80.
awk 'BEGIN {
	for (d = 2; d <= 30; d++) {
		n = d % 7 == 2 ? 60 : 20
		for (i = 0; i < 100; i++)
			printf("{\"at\":\"2026-03-%02dT%02d:00:00Z\",\"i\":\"%s\"}\n",
			    d, i % 24, i < n ? "a" : "b")
	}
}' >"$T/month"
run gc-drift -k .i -b same-weekday --time .at "$T/month"
is "$(get '[.day, .baseline_days, .n_baseline, .n_current, .p_value]')" \
	'["2026-03-30",["2026-03-02","2026-03-09","2026-03-16","2026-03-23"],400,100,1]' \
	'a Monday is like the Mondays before'
cp "$T/out" "$T/want"
split -l 613 "$T/month" "$T/month."
for p in "$T"/month.*; do
	gc-drift -k .i -b same-weekday --time .at --partial "$p"
done >"$T/months"
run gc-drift --merge -b same-weekday "$T/months"
same "$T/out" "$T/want" 'also from parts'
head -2600 "$T/month" >"$T/less"
run gc-drift -k .i -b same-weekday --time .at --weeks 2 "$T/less"
is "$(get '[.day, .baseline_days, .verdict]')" \
	'["2026-03-27",["2026-03-13","2026-03-20"],"no drift"]' \
	'a Friday to Fridays, of two weeks'
head -100 "$T/month" | run gc-drift -k .i -b same-weekday --time .at
is "$(get '[.baseline_days, .n_baseline, .verdict]')" '[[],0,"insufficient"]' \
	'no week before'
echo '{"at":"Monday","i":"a"}' >"$T/bad"
run gc-drift -k .i -b same-weekday --time .at "$T/bad"
exits 3 'a time that is none'
run gc-drift -k .i -b same-weekday "$T/month"
exits 2 'without --time'
run gc-drift -k .i -b "$T/base" --time .at "$T/month"
exits 2 '--time without it'

# ---- a stream ----
awk 'BEGIN {
	srand(4)
	for (i = 0; i < 6000; i++) {
		r = rand()
		v = r < .5 ? "a" : "b"
		if (i >= 4000)
			v = r < .2 ? "a" : (r < .7 ? "b" : "new")
		c = rand() * (i < 3000 ? 1 : .8)
		printf("{\"i\":\"%s\",\"c\":%.4f,\"ok\":%s}\n", v, c,
		    rand() < .9 ? "true" : "false")
	}
}' >"$T/stream"
run gc-drift -k .i --stream "$T/stream"
exits 0 'a stream needs no baseline'
is "$(get '.category' | sort -u | tr '\n' ' ')" '"a" "new" ' \
	'what moved, and what was never there, is found; what stayed is not'
is "$(get 'select(.category == "new") | [.before, .since > 3900, .seen_at < 4200, .after > .2]' | head -1)" \
	'[0,true,true,true]' 'and when'
is "$(get '.difference | fabs > 0' | sort -u)" true 'by how much'
run gc-drift -k .i --stream -x "$T/stream"
exits 1 'a change with --exit-code'
run gc-drift -k .c --stream -t ks "$T/stream"
is "$(get '[.category, (.since - 3000 | fabs < 600), .before > .45, .after < .45]' | head -1)" \
	'[null,true,true,true]' 'the mean of numbers'
run gc-drift -k .ok --stream -x "$T/stream"
exits 0 'a share that stays'
is "$(out)" '' 'says nothing'
run gc-drift -k .i --stream /dev/null
exits 0 'an empty stream'
echo '{"c":1.5}' >"$T/bad"
run gc-drift -k .c --stream -t ks "$T/bad"
exits 3 'a number above 1'
run gc-drift -k .i --stream -b "$T/base" "$T/stream"
exits 2 'a stream with a baseline'

# ---- effects ----
run gc-drift --counts -b "$T/base" "$T/now"
is "$(get '.effect | .cramers_v_interval[0] < .cramers_v and .cramers_v < .cramers_v_interval[1]')" \
	true "the interval of Cramer's V"
run gc-drift -k .x -b "$T/x1" -t ks "$T/x2"
is "$(get '.effect | .cvm > 2 and .cvm_p_value < 1e-5')" true \
	'Cramer and von Mises'

# ---- bad input ----
printf '{"category":"a","count":1}\n{"category":"a","count":-1}\n' >"$T/bad"
run gc-drift --counts -b "$T/base" "$T/bad"
exits 3 'a negative count'
like "$(err)" "gc-drift: */bad:2:*count*" 'its place is named'
run gc-drift --counts -b "$T/bad" "$T/base"
exits 3 'a negative count in the baseline'
like "$(err)" "gc-drift: */bad:2*count*" 'its place is named too'
run gc-drift --counts -b "$T/base" --reject "$T/rej" "$T/bad"
exits 0 'with --reject it goes on'
is "$(jq -c '[.tool, .line, .rule, .record.count]' "$T/rej")" \
	'["gc-drift",2,"count",-1]' 'the envelope'
run gc-drift -k .i.j -b "$T/base" "$T/now.rec"
exits 3 'an expression that does not fit the record'
run gc-drift -k .i
exits 2 'no baseline'
run gc-drift --counts -b "$T/nowhere" "$T/now"
exits 2 'a baseline that is not there'
run gc-drift -b "$T/base" "$T/now"
exits 2 'nothing to count'
run gc-drift --counts -b "$T/base" -t chi "$T/now"
exits 2 'a test of no such name'
if [ -w /dev/full ]; then
	code=0
	gc-drift --counts -b "$T/base" "$T/now" >/dev/full 2>"$T/err" ||
	    code=$?
	exits 6 'a full disk'
else
	skip 1 'no /dev/full'
fi

# ---- the reference ----
if [ -z "$DATA" ]; then
	skip 5 'no test data'
else
	in=$DATA/banking77/predictions.ndjson
	head -1540 "$in" >"$T/half1"
	tail -1540 "$in" >"$T/half2"
	run gc-drift -k .confidence -b "$T/half1" -t ks "$T/half2"
	is "$(jq --slurpfile r "$DATA/drift/reference.json" '
	    ($r[0].ks_2samp[] | select(.name ==
	    "banking77-confidence-first-vs-second-half")) as $w |
	    ((.p_value - $w.pvalue_exact) | fabs) < 1e-10 and
	    ((.statistic - $w.statistic) | fabs) < 1e-14' "$T/out")" true \
	    "scipy's exact p of 1540 against 1540 numbers"
	# ks CASE TITLE: the exact p of $T/a against $T/b is scipy's
	ks() {
		run gc-drift -k .confidence -b "$T/a" -t ks -n 1 "$T/b"
		is "$(jq --slurpfile r "$DATA/drift/reference.json" --arg c "$1" '
		    ($r[0].ks_2samp[] | select(.name == $c)) as $w |
		    ((.p_value - $w.pvalue_exact) | fabs) < 1e-10 and
		    ((.statistic - $w.statistic) | fabs) < 1e-14' "$T/out")" \
		    true "$2"
	}
	awk 'NR % 2 == 0' "$in" >"$T/a"
	awk 'NR % 2 == 1' "$in" >"$T/b"
	ks banking77-confidence-even-vs-odd-lines 'of even and odd lines'
	printf '{"confidence":%s}\n' 0.99 1.99 >"$T/a"
	printf '{"confidence":%s}\n' 1 2 3 4 >"$T/b"
	ks tiny-2-4 'of two against four'
	awk 'BEGIN {
		for (i = 0; i < 100; i++)
			printf("{\"confidence\":%d}\n", i + 1) >"'"$T/a"'"
		for (i = 0; i < 110; i++)
			printf("{\"confidence\":%.17g}\n", 1 + i * 99 / 109 + 20.1) >"'"$T/b"'"
	}'
	ks linspace-100-110-shift 'of 100 against 110'
	ref=$DATA/drift/reference.json
	n=$(jq '.cases | length' "$ref")
	i=0
	wrong=
	while [ "$i" -lt "$n" ]; do
		for side in baseline current; do
			jq -c ".cases[$i] | [.categories, .$side] | transpose[]
			    | {category: .[0], count: .[1]}" "$ref" >"$T/$side"
		done
		for t in homogeneity gof g; do
			gc-drift --counts -t $t -b "$T/baseline" "$T/current" \
			    >"$T/$t" || wrong="$wrong $i:$t:exit"
		done
		w=$(jq -r -n --slurpfile r "$ref" --slurpfile h "$T/homogeneity" \
		    --slurpfile f "$T/gof" --slurpfile g "$T/g" --argjson i "$i" '
		def near($w): if $w == null then true elif . == null then false
		    else ((. - $w) | fabs) <= 1e-9 * ($w | fabs) end;
		def same($w): (.statistic | near($w.mp.statistic | tonumber)) and
		    (.p_value | near($w.mp.pvalue | tonumber)) and
		    (.log10_p | near($w.mp.log10_pvalue | tonumber)) and
		    .df == $w.df;
		$r[0].cases[$i] as $c | $h[0] as $h | $f[0] as $f | $g[0] as $g |
		if $c.homogeneity == null then
		    $h.verdict == "insufficient" and $h.p_value == 1
		else
		    ($h | same($c.homogeneity.chi2)) and
		    ($g | same($c.homogeneity.gtest)) and
		    (if $c.gof.chisquare.mp then $f | same($c.gof.chisquare)
		     else $f.p_value == null end) and
		    ($h.js_divergence | near($c.distances.js_divergence_nats)) and
		    ($h.effect.tvd | near($c.distances.total_variation)) and
		    ($h.effect.cramers_v | near($c.homogeneity.cramers_v)) and
		    ($c.dropped_empty_categories > 0 or
		     ($h.psi | near($c.distances.psi_add_half)))
		end')
		[ "$w" = true ] || wrong="$wrong $i"
		i=$((i + 1))
	done
	is "$wrong" '' "all $n cases of the reference, to nine digits"
fi

# ---- one standard input is not two ----
echo '{"key":"a","count":1}' >"$T/in"
run gc-drift -c -b - <"$T/in"
exits 2 'baseline and records from standard input'
cp "$T/in" "$T/now"
run gc-drift -k .key -b - "$T/now" <"$T/in"
exits 0 'the baseline from standard input'

done_testing
