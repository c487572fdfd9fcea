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

run gc-report matrix -f txt "$T/docs"
cat >"$T/want" <<'E1'
actual  a  b, c  d  All
------  -  ----  -  ---
a       4     1  0    5
b, c    0     3  0    3
d       1     0  0    1
All     5     4  0    9
E1
same "$T/out" "$T/want" 'as text'
run gc-report matrix -f md "$T/docs"
is "$(sed -n '2,3p' "$T/out" | tr '\n' ' ')" \
	'| --- | ---: | ---: | ---: | ---: | | a | 4 | 1 | 0 | 5 | ' 'as Markdown'

# ---- pictures ----

# bytes FILE OFFSET N: as hexadecimal.
bytes() {
	od -An -tx1 -v -j"$2" -N"$3" "$1" | tr -d ' \n'
}

for f in png svg pdf; do
	run gc-report matrix -o "$T/m.$f" "$T/docs"
	exits 0 "matrix as $f"
	run gc-report matrix -o "$T/again.$f" "$T/docs"
	same "$T/again.$f" "$T/m.$f" "the same bytes again: $f"
done
is "$(bytes "$T/m.png" 0 8)$(bytes "$T/m.png" 16 8)" \
	89504e470d0a1a0a000005dc000004b0 'a PNG of 1500 by 1200'
# 5906 pixels a metre, and the chunk's CRC
is "$(bytes "$T/m.png" 33 21)" \
	0000000970485973000017120000171201679fd252 'of 150 dots an inch'
python3 - "$T/m.png" <<'E1'
import struct, sys, zlib
b = open(sys.argv[1], "rb").read()
at, bad = 8, 0
while at < len(b):
    n, = struct.unpack(">I", b[at:at + 4])
    crc, = struct.unpack(">I", b[at + 8 + n:at + 12 + n])
    bad += crc != zlib.crc32(b[at + 4:at + 8 + n])
    at += 12 + n
sys.exit(bad or at != len(b))
E1
ok $? 'every chunk of the PNG is whole'
is "$(pdfinfo "$T/m.pdf" | grep -c '^CreationDate')" 0 'no date in a PDF'
is "$(pdfinfo "$T/m.pdf" | sed -n 's/^Page size: *//p')" '720 x 576 pts' \
	'of 10 by 8 inches'
run gc-report matrix --now 2026-02-03T04:05:06.789Z -o "$T/d.pdf" "$T/docs"
is "$(pdfinfo -isodates "$T/d.pdf" | sed -n 's/^CreationDate: *//p')" \
	'2026-02-03T04:05:06Z' 'but that of --now'
is "$(pdftotext -layout "$T/m.pdf" - | grep -c 'Einstein Bot Intent Conf')" 1 \
	'with its title'
run gc-report matrix --title 'Mine & "yours"' -f svg "$T/docs"
like "$(out)" '*<title id="gc-t">Mine &amp; "yours"</title>*' '--title'
like "$(out)" '*<desc id="gc-d">9 utterances, 3 intents, 77.8%*a was taken*' \
	'a description for those who cannot see it'
python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$T/m.svg"
ok $? 'an SVG is XML'
printf '%s\n' '{"kind":"confusion","labels":[],"matrix":[]}' >"$T/in"
run gc-report matrix -f svg "$T/in"
exits 0 'a picture of nothing'
printf '%s\n' '{"kind":"confusion","labels":["a"],"matrix":[[0]]}' >"$T/in"
run gc-report matrix -f png "$T/in"
exits 0 'a picture of zeros'
run env PATH="$PWD/bin" gc-report matrix -f png "$T/docs"
exits 6 'without gnuplot'
like "$(err)" '*gnuplot*not installed: apt-get*' 'which is said'
mkdir "$T/bad"
printf '#!/bin/sh\necho "  line 3: undefined" >&2\nexit 1\n' >"$T/bad/gnuplot"
chmod +x "$T/bad/gnuplot"
run env PATH="$T/bad:$PATH" gc-report matrix -o "$T/none.png" "$T/docs"
exits 6 'gnuplot fails'
like "$(err)" 'gc-report: gnuplot failed: line 3: undefined' 'in its own words'
test ! -e "$T/none.png"
ok $? 'and there is no picture'

if [ "$DATA" ]; then
	# more labels than a picture holds: the worst, and a list
	run gc-report matrix -o "$T/b77.pdf" "$T/b77"
	pdftotext -layout "$T/b77.pdf" "$T/text"
	is "$(grep -c 'taken for' "$T/text")" 17 'the most confused pairs'
	like "$(cat "$T/text")" '*20 intents with the most errors; the 57 oth*' \
		'and the worst labels'

	# strings that break things, as labels, 25 at a time
	jq -c '[.[]] as $all | range(0; $all | length; 25) |
	    $all[.:. + 25] | {kind: "confusion", labels: .,
	    matrix: [range(length) as $i | [range(length) |
	    if . == $i then 3 else 0 end]]}' "$DATA/blns/blns.json" >"$T/naughty"
	bad=0
	n=0
	mkdir "$T/empty"
	while read -r line; do
		n=$((n + 1))
		printf '%s\n' "$line" >"$T/in"
		(cd "$T/empty" && gc-report matrix -f svg "$T/in" >"$T/n.svg") &&
			python3 -c 'import sys, xml.dom.minidom as m
t = m.parse(sys.argv[1])
names = {e.tagName for e in t.getElementsByTagName("*")}
sys.exit(bool(names & {"script", "a", "image", "img", "iframe"}))' \
				"$T/n.svg" || bad=$((bad + 1))
	done <"$T/naughty"
	is "$bad" 0 "naughty labels stay labels in $n pictures"
	is "$(ls "$T/empty")" '' 'and leave nothing behind'
else
	skip 4 'no test data'
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
