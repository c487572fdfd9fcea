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

# the tutorial's report: scalars, without a word of what they rest on
cat >"$T/in" <<'E1'
{"kind":"confusion","n":9,"labels":[],"matrix":[],"metrics":{"accuracy":0.75,"macro":{"precision":0.5,"recall":null,"f1":0.25}},"intervals":{"level":0.9,"accuracy":[0.7,0.8],"macro":{"precision":[0.4,0.6],"recall":[null,null],"f1":[0.2,0.3]}}}
{"kind":"drift","p_value":0.5,"n_current":7}
E1
run gc-report summary --intervals "$T/in"
is "$(out | tr '\n' ' ')" 'Metric,Value,Low,High,N Accuracy,0.75,0.7,0.8,9 Precision,0.5,0.4,0.6,9 Recall,,,,9 F1 Score,0.25,0.2,0.3,9 Drift P-Value,0.5,,,7 ' \
	'--intervals: how sure each is, of how many'
run gc-report summary -f json "$T/in"
is "$(jq -c '[.n, .intervals.level, .intervals.accuracy, .drift_n]' "$T/out")" \
	'[9,0.9,[0.7,0.8],7]' 'JSON says it in any case'

echo '{"x":1}' >"$T/in"
run gc-report summary "$T/in"
exits 3 'no document at all'
echo '{"kind":"drift","p_value":"0.5"}' >"$T/in"
run gc-report summary <"$T/in"
exits 3 'a p-value that is no number'
like "$(err)" 'gc-report: stdin:1: drift document: *' 'and where it stands'
# members of wrong types, wherever a report would look at them
bad=
while read -r doc; do
	run gc-report dashboard -q -f html "$T/docs" - <<EOF
$doc
EOF
	case "$code $(err)" in
	'3 gc-report: stdin:1: '*' document: '*) ;;
	*) bad="$bad$doc
" ;;
	esac
done <<'EOF'
{"kind":"drift","log10_p":"x"}
{"kind":"drift","drifted":"yes"}
{"kind":"drift","verdict":{"x":1}}
{"kind":"drift","warnings":{"a":1}}
{"kind":"drift","effect":[1]}
{"kind":"drift","effect":{"cramers_v_interval":1}}
{"kind":"drift","detectable":1}
{"kind":"drift","categories":[1]}
{"kind":"drift","categories":[{"category":"a","low":"x"}]}
{"kind":"drift","categories":[{"category":"a","status":["b"]}]}
{"kind":"decision","retrain":"yes"}
{"kind":"decision","retrain":true,"reasons":"x"}
{"kind":"insights","results":1,"interval":3}
{"kind":"confusion","labels":[],"matrix":[],"per_class":{"a":1}}
{"kind":"confusion","labels":[],"matrix":[],"per_class":[{"label":1}]}
{"kind":"confusion","labels":[],"matrix":[],"per_class":[{"label":"a","f1":"x"}]}
{"kind":"confusion","labels":[],"matrix":[],"per_class":[{"label":"a","intervals":{"f1":1}}]}
{"kind":"confusion","labels":[],"matrix":[],"top_confusions":[{"examples":"x"}]}
{"kind":"confusion","labels":[],"matrix":[],"abstained":"x"}
EOF
is "$bad" '' 'documents with members of wrong types are refused by name'
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
echo '{"kind":"confusion","labels":["All"],"matrix":[[1]]}' >"$T/in"
run gc-report matrix "$T/in"
is "$(out | tr '\n' ' ')" 'actual,All,All All,1,1 All,1,1 ' \
	'a label that is called as the margins are'
like "$(err)" '*called All*' 'which is said'
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
Accuracy is 77.8% (95% interval 45.3% to 93.7%, 9 utterances); a is taken for
b, c in 20.0% of cases (1 of 5, 95% interval 3.6% to 62.4%).

actual  a  b, c  d  All   right     low    high
------  -  ----  -  ---  ------  ------  ------
a       4     1  0    5  0.8000  0.3755  0.9638
b, c    0     3  0    3       1  0.4385       1
d       1     0  0    1       0       0  0.7935
All     5     4  0    9  0.7778  0.4526  0.9368

Most often confused

actual  taken for  times  of   share     low    high
------  ---------  -----  --  ------  ------  ------
a       b, c           1   5  0.2000  0.0362  0.6245
d       a              1   1       1  0.2065       1
E1
same "$T/out" "$T/want" 'as text'
run gc-report matrix -f md "$T/docs"
is "$(sed -n '4,5p' "$T/out" | tr '\n' ' ')" \
	'| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | | a | 4 | 1 | 0 | 5 | 0.8000 | 0.3755 | 0.9638 | ' \
	'as Markdown'

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
is "$(pdfinfo -isodates "$T/m.pdf" | sed -n 's/^CreationDate: *//p')" \
	'1980-01-01T00:00:00Z' 'a PDF without a date is of 1980'
is "$(pdfinfo "$T/m.pdf" | sed -n 's/^Page size: *//p')" '720 x 576 pts' \
	'of 10 by 8 inches'
run gc-report matrix --now 2026-02-03T04:05:06.789Z -o "$T/d.pdf" "$T/docs"
is "$(pdfinfo -isodates "$T/d.pdf" | sed -n 's/^CreationDate: *//p')" \
	'2026-02-03T04:05:06Z' 'or of --now'
is "$(pdftotext -layout "$T/m.pdf" - | grep -c 'Einstein Bot Intent Conf')" 1 \
	'with its title'
run env GNUTERM=dumb GNUPLOT_PS_DIR=/ gc-report matrix -f png "$T/docs"
same "$T/out" "$T/m.png" "the user's settings of gnuplot change nothing"
run gc-report matrix --title 'Mine & "yours"' -f svg "$T/docs"
like "$(out)" '*<title id="gc-t">Mine &amp; "yours"</title>*' '--title'
like "$(out)" '*<desc id="gc-d">Accuracy is 77.8% (95% interval*9 utterances); a is taken*' \
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
	is "$(grep -c 'taken for' "$T/text")" 12 'the most confused pairs'
	like "$(cat "$T/text")" '*20 intents with the most errors; the 57 oth*' \
		'and the worst labels'
	# a label of more than 34 letters is cut
	jq -r '.labels[] | .[:22]' "$T/b77" >"$T/labels"
	pdftotext -raw "$T/b77.pdf" "$T/text"
	is "$(while read -r label; do grep -q -F -e "$label" "$T/text" ||
	    echo "$label"; done <"$T/labels")" '' 'all 77 are named'
	is "$(grep -c '^[0-9]*/[0-9]* ' "$T/text")" 57 \
		'the others with how many are right'
	is "$(sed -n 's/^\([0-9]*\)\/\([0-9]*\) card_arrival$/\1 \2/p' "$T/text")" \
		"$(jq -r '(.labels | index("card_arrival")) as $i |
		    "\(.matrix[$i][$i]) \(.matrix[$i] | add)"' "$T/b77")" \
		'as the matrix says'

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

# ---- dashboard ----

cat >"$T/check.py" <<'E1'
"""Is it one whole, accessible page without script, with only known tags?"""
import sys
from html.parser import HTMLParser

KNOWN = set("""html head meta title style body main h1 h2 p section dl div dt
dd span svg circle path code time figure figcaption rect text g desc details
summary table caption thead tbody tr th td bdi br ul li footer""".split())
VOID = {"meta", "br"}

class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.bad, self.heads, self.ids = [], [], [], set()
        self.attrs = set()
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag not in KNOWN:
            self.bad.append("tag " + tag)
        for k, v in attrs:
            self.attrs.add(k)
            if k.startswith("on") or k in ("href", "src", "style"):
                self.bad.append("attribute " + k)
        if "id" in a:
            if a["id"] in self.ids:
                self.bad.append("id twice: " + a["id"])
            self.ids.add(a["id"])
        if tag in ("h1", "h2"):
            self.heads.append(tag)
        if tag == "th" and a.get("scope") not in ("row", "col"):
            self.bad.append("th without scope")
        if tag == "html" and a.get("lang") != "en":
            self.bad.append("no lang")
        if tag not in VOID:
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad.append("closes " + tag)

for name in sys.argv[1:]:
    text = open(name, encoding="utf-8", newline="").read()
    p = Page()
    p.feed(text)
    p.close()
    if p.open:
        p.bad.append("left open: %s" % p.open)
    if p.heads[:1] != ["h1"] or p.heads.count("h1") != 1:
        p.bad.append("headings: %s" % p.heads)
    if "default-src 'none'" not in text:
        p.bad.append("no policy")
    if p.bad:
        print("%s: %s" % (name, p.bad[:5]))
        sys.exit(1)
E1

cat >"$T/all" <<'E1'
{"kind":"evaluation","metrics":{"accuracy":0.8137,"precision":0.8,"recall":0.79,"f1Score":0.795}}
{"kind":"confusion","n":9,"labels":["a","<b>","d"],"matrix":[[4,1,0],[0,3,0],[1,0,0]],"metrics":{"accuracy":0.7777777777777778},"per_class":[{"label":"a","support":5,"precision":0.8,"recall":0.8,"f1":0.8},{"label":"d","support":1,"precision":null,"recall":0,"f1":0}],"top_confusions":[{"actual":"a","predicted":"<b>","n":1,"examples":["id-<1>"]}]}
{"kind":"drift","test":"homogeneity","p_value":1.2e-09,"log10_p":-8.92,"n_baseline":5000,"n_current":204,"verdict":"drift","drifted":true,"level":0.95,"categories":[{"category":"a","baseline":0.18,"current":0.29,"difference":0.11,"low":0.05,"high":0.17,"status":"up"},{"category":"c&a","baseline":0,"current":0.05,"difference":0.05,"low":null,"high":null,"status":"new"}],"warnings":["an <i>expected</i> count"]}
{"kind":"decision","retrain":true,"reasons":["accuracy < 0.85"],"job":{"id":"train-<42>"}}
E1
run gc-report dashboard --now 2026-02-03T04:05:06Z -o "$T/all.html" "$T/all"
exits 0 'dashboard'
python3 "$T/check.py" "$T/all.html"
ok $? 'one whole page, no script, every header cell with its scope'
page=$(cat "$T/all.html")
like "$page" '*<title>Einstein Bot NLP Dashboard</title>*' 'its title'
like "$page" '*<h1>Bot Performance Monitor</h1>*' 'its heading'
for line in 'Status</dt>*Retraining Triggered' 'Accuracy</dt>*81.4%' \
	'Drift P-Value</dt>*1.2e-9' 'Last Updated</dt>*2026-02-03' '04:05 UTC'
do
	like "$page" "*$line*" "says $line"
done
like "$page" '*<p class="lead">Accuracy is 81.4%*; a is taken for &lt;b&gt; in 20.0% of cases*' \
	'a first sentence that says what the numbers mean'
like "$page" '*train-&lt;42&gt;*' 'the job, escaped'
like "$page" '*id-&lt;1&gt;*' 'an example, escaped'
like "$page" '*an &lt;i&gt;expected&lt;/i&gt; count*' 'a warning, escaped'
like "$page" '*<svg class="heat" role="img"*<title id=*<desc id=*' \
	'the matrix as a described picture'
like "$page" '*<th scope="row"><bdi>&lt;b&gt;</bdi></th><td class="n">0</td>*' \
	'and as a table'
is "$(grep -c 'https\?:' "$T/all.html")" 0 'nothing from anywhere'
run gc-report dashboard --now 2026-02-03T04:05:06Z "$T/all"
same "$T/out" "$T/all.html" 'the same bytes again, on stdout'

# stdin to what status
status() {
	cat >"$T/in"
	run gc-report dashboard "$T/in"
	python3 "$T/check.py" "$T/out" || code=99
	sed -n 's/.*<dt>Status<.*<span>\([^<]*\)<.*/\1/p' "$T/out" |
		sed "s/\$/ $code/"
}
is "$(sed 's/"retrain":true/"retrain":false/' "$T/all" | status)" \
	'Model Stable 0' 'a decision not to retrain'
is "$(grep -v decision "$T/all" | status)" 'Retraining Triggered 0' \
	'no decision: by the rule'
is "$(echo '{"kind":"evaluation","metrics":{"accuracy":0.85}}' | status)" \
	'Model Stable 0' 'no decision: by the rule, the other way'
is "$(printf '%s\n' '{"kind":"evaluation","metrics":{"accuracy":0.9}}' \
	'{"kind":"drift","p_value":0.01,"verdict":"insufficient"}' | status)" \
	'Model Stable 0' 'a drift that is insufficient is no reason'
is "$(status </dev/null)" 'No evaluation data 0' 'nothing at all'
is "$(echo '{"kind":"drift","p_value":null}' | status)" \
	'No evaluation data 0' 'a drift alone'
is "$(echo '{"kind":"evaluation","metrics":{"accuracy":null}}' | status)" \
	'No evaluation data 0' 'an evaluation that says nothing'
is "$(printf '%s\n' '{"kind":"confusion","labels":[],"matrix":[]}' |
	status)" 'No evaluation data 0' 'an empty matrix'

mkdir -p "$T/share/reports"
run env GC_SHARE="$T/share" gc-report dashboard "$T/all"
exits 2 'no program for the page'
echo '' >"$T/share/reports/page.jq"
echo '"\(.heading | @html)!", 1' >"$T/share/reports/dashboard.jq"
run env GC_SHARE="$T/share" gc-report dashboard "$T/all"
exits 3 'a page that is no text'
echo '"\(.heading | @html)!"' >"$T/share/reports/dashboard.jq"
run env GC_SHARE="$T/share" gc-report dashboard "$T/all"
is "$(out)" 'Bot Performance Monitor!' 'a page of the user'"'"'s own'

if [ "$DATA" ]; then
	# the strings that break things in every place of the page
	jq -c '[.[]] as $all | range(0; $all | length; 25) |
	    $all[.:. + 25] | . as $s | {kind: "confusion", n: 9, labels: .,
	    matrix: [range(length) as $i | [range(length) | . + $i]],
	    per_class: [.[] | {label: ., support: 1}],
	    top_confusions: [{actual: .[0], predicted: .[1], n: 1,
	    examples: .}]}, {kind: "drift", p_value: 1, test: .[2],
	    categories: [.[] | {category: ., status: .}], warnings: .},
	    {kind: "decision", retrain: true, reasons: ., job: .[3]}' \
		"$DATA/blns/blns.json" >"$T/naughty"
	n=0
	while read -r a && read -r b && read -r c; do
		n=$((n + 1))
		printf '%s\n' "$a" "$b" "$c" >"$T/in"
		gc-report dashboard "$T/in" >"$T/n$n.html" 2>"$T/err" ||
			note "page $n: $(err)"
	done <"$T/naughty"
	python3 "$T/check.py" "$T"/n*.html
	ok $? "naughty strings stay text in $n pages"
	# and those of a page come back as they went in, but for NUL and CR
	python3 - "$T/n3.html" "$T/naughty" <<'E1'
import html, json, re, sys
page = open(sys.argv[1], encoding="utf-8", newline="").read()
want = json.loads(open(sys.argv[2], encoding="utf-8").readlines()[6])["labels"]
got = {html.unescape(t) for t in re.findall(r"<bdi>(.*?)</bdi>", page, re.S)}
sys.exit(len([w for w in want if w not in got]))
E1
	ok $? 'and say what they said'
else
	skip 2 'no test data'
fi

# ---- frequency ----

cat >"$T/rows" <<'E1'
{"id":1,"date":"2026-01-01T23:59:59.999Z","groups":{"product":["Router X","Phone"],"issue":["dropped"]}}
{"id":2,"date":"2026-01-02","groups":{"product":["Router X"],"issue":[]}}
{"id":3,"date":"2026-01-05","groups":{"product":["\u00e9clair","Phone"],"issue":["no\"ise","dropped"]}}
{"id":4,"date":"2026-01-05","groups":{"product":[],"issue":[]}}
E1
run gc-report frequency "$T/rows"
exits 0 'frequency'
is "$(out)" '{"products":{"Phone":2,"Router X":2,"éclair":1},"issues":{"dropped":2,"no\"ise":1},"total_interactions_processed":4}' \
	'by falling count, then code points; every record counts'
run gc-report frequency </dev/null
is "$(out)" '{"products":{},"issues":{},"total_interactions_processed":0}' \
	'of nothing'
printf '%s\n' '{"product":"b","count":2}' '{"issue":"i","count":1}' \
	'{"product":"a","count":1}' '{"product":"a","count":1}' \
	'{"product":null,"count":7}' '{"group":"brand","text":"Z","count":1}' \
	>"$T/counts"
run gc-report frequency "$T/counts"
is "$(out)" '{"products":{"a":2,"b":2},"issues":{"i":1},"brands":{"Z":1},"total_interactions_processed":null}' \
	'from counts: the total is not known'
run gc-report frequency --processed 12 "$T/counts"
is "$(jq .total_interactions_processed "$T/out")" 12 'but can be said'
run gc-report frequency --top 1 "$T/rows"
is "$(jq -c '[.products, .issues]' "$T/out")" '[{"Phone":2},{"dropped":2}]' \
	'--top'
run gc-report frequency -f csv "$T/rows"
is "$(out | tr '\n' ' ')" 'group,text,count product,Phone,2 product,Router X,2 product,éclair,1 issue,dropped,2 issue,"no""ise",1 ' \
	'as CSV'
run gc-report frequency -f txt "$T/rows"
is "$(sed -n 7p "$T/out")" \
	'product  Phone         2  0.5000  0.1500  0.8500   4  ########################################' \
	'as text, with bars'
for bad in '{"x":1}' '{"groups":[]}' '{"groups":{"product":"a"}}' \
	'{"groups":{"product":["a",1]}}' '{"product":"a","count":-1}' \
	'{"product":"a","count":1.5}' '{"product":1,"count":1}'; do
	echo "$bad" >"$T/in"
	run gc-report frequency "$T/in"
	exits 3 "refused: $bad"
done
{ cat "$T/rows"; echo '{"groups":{"product":["Phone",1]}}'; } >"$T/in"
run gc-report frequency --reject "$T/rejects" --ledger "$T/ledger" "$T/in"
is "$(jq -c '[.products.Phone, .total_interactions_processed]' "$T/out")" \
	'[2,4]' 'a rejected record counts nothing'
is "$(jq -c '[.in, .used, .dropped, .rejected, .out]' "$T/ledger")" \
	'[5,4,0,1,1]' 'and the ledger says so'
run gc-report frequency -o "$T/f.svg" "$T/rows"
exits 0 'as a picture'
like "$(cat "$T/f.svg")" '*Entity Frequency*éclair*' 'which names them'

# ---- trend ----

run gc-report trend "$T/rows"
exits 0 'trend'
cat >"$T/want" <<'E1'
recorded_date,product_name,mention_count
2026-01-01,Phone,1
2026-01-01,Router X,1
2026-01-02,Router X,1
2026-01-05,Phone,1
2026-01-05,éclair,1
E1
same "$T/out" "$T/want" 'from records with a date and groups'
run gc-report trend -f json "$T/rows"
cp "$T/out" "$T/in"
run gc-report trend "$T/in"
same "$T/out" "$T/want" 'the same from its own JSON'
sed 's/recorded_date/d/; s/product_name/p/; s/mention_count/n/' "$T/in" \
	>"$T/other"
run gc-report trend --date .d --series '.p' --count '.n * 1' "$T/other"
same "$T/out" "$T/want" 'and by expressions'
run gc-report trend --wide "$T/rows"
cat >"$T/want" <<'E1'
recorded_date,Phone,Router X,éclair
2026-01-01,1,1,0
2026-01-02,0,1,0
2026-01-05,1,0,1
E1
same "$T/out" "$T/want" 'a column for each'
printf '%s\n' '{"day":"2026-03-01","product":"a","count":2}' \
	'{"day":"2026-02-28T12:00:00+13:00","product":"a","count":1}' \
	'{"day":"2026-03-01","product":"a","count":3}' \
	'{"day":"1969-12-31","product":"a","count":1}' >"$T/in"
run gc-report trend "$T/in"
is "$(sed 1d "$T/out" | tr '\n' ' ')" \
	'1969-12-31,a,1 2026-02-27,a,1 2026-03-01,a,5 ' \
	'days are those of UTC, equal ones are added up'
for bad in '{"product":"a"}' '{"date":"yesterday","product":"a"}' \
	'{"date":"2026-01-01"}' '{"date":"2026-01-01","product":1}' \
	'{"date":"2026-01-01","product":"a","count":"2"}' \
	'{"date":"2026-01-01","product":"a","count":-2}'; do
	echo "$bad" >"$T/in"
	run gc-report trend "$T/in"
	exits 3 "refused: $bad"
done
run gc-report trend --series 'a b' "$T/rows"
exits 2 'an expression that does not compile'
run gc-report trend -o "$T/t.png" "$T/rows"
is "$(bytes "$T/t.png" 16 8)" 000005dc00000384 'a picture of 10 by 6 inches'
run gc-report trend -o "$T/t2.png" "$T/rows"
same "$T/t2.png" "$T/t.png" 'the same bytes again'
run gc-report trend -o "$T/t.pdf" "$T/rows"
like "$(pdftotext "$T/t.pdf" -)" '*Product Mention Trends by Date*Phone*' \
	'with its title and a line for each'
i=0
while [ $i -lt 14 ]; do
	i=$((i + 1))
	printf '{"date":"2026-01-%02d","product":"p%d","count":%d}\n' $i $i $i
done >"$T/in"
run gc-report trend -f pdf "$T/in"
like "$(err)" '*9 products*5 others*' 'too many lines: the rest in one'
like "$(pdftotext "$T/out" -)" '*p14*p13*5 others*' 'and it is in the key'
run gc-report trend -f svg </dev/null
exits 0 'a picture of nothing'

# more than half a year: means, the last of the days that are left over, too
awk 'BEGIN { for (i = 0; i < 403; i++) printf \
    "{\"date\":\"2025-%02d-%02d\",\"product\":\"p\",\"count\":2}\n",
    1 + int(i / 28) % 12, 1 + i % 28 }' | sort -u >"$T/in"
printf '{"date":"2026-01-03","product":"p","count":2}\n' >>"$T/in"
run gc-report trend -q -f html "$T/in"
like "$(out)" '*mentions a day, means of 7 days*' 'a year is drawn as means'
is "$(grep -o '<path class="l" d="M[^"H]*"' "$T/out" | head -1 | tr L '\n' |
	wc -l | tr -d ' ')" 52 'one for each week'
run gc-report trend -q -f svg "$T/in"
like "$(out)" '*means of 7 days*' 'in a picture too'
run gc-report trend -q -f csv "$T/in"
is "$(wc -l <"$T/out" | tr -d ' ')" 338 'and the days in csv'

# ---- metrics ----

run gc-report metrics --now 2026-01-01 "$T/all"
exits 0 'metrics'
is "$(tail -1 "$T/out")" '# EOF' 'end in # EOF'
for line in 'gcpipe_bot_accuracy_ratio{source="evaluation"} 0.8137' \
	'gcpipe_bot_drift_p_value 1.2e-09' 'gcpipe_bot_drift_detected 1' \
	'gcpipe_bot_retrain 1' 'gcpipe_bot_intent_recall_ratio{intent="d"} 0' \
	'gcpipe_report_timestamp_seconds 1767225600'; do
	is "$(grep -cxF "$line" "$T/out")" 1 "$line"
done
run env SOURCE_DATE_EPOCH=5 gc-report metrics "$T/all"
is "$(tail -2 "$T/out" | head -1)" 'gcpipe_report_timestamp_seconds 5' \
	'SOURCE_DATE_EPOCH'
run env SOURCE_DATE_EPOCH=5 GC_NOW=1970-01-01T00:00:07Z gc-report metrics "$T/all"
is "$(tail -2 "$T/out" | head -1)" 'gcpipe_report_timestamp_seconds 7' \
	'GC_NOW comes first'
is "$(grep -c 'precision_ratio{intent="d"}' "$T/out")" 0 \
	'null is left out, not 0'
is "$(grep '^# TYPE' "$T/out" | sort | uniq -d)" '' 'each family once'
run gc-report metrics -o "$T/m.prom" "$T/rows"
is "$(grep -F 'no\"ise' "$T/m.prom")" \
	'gcpipe_mentions{group="issue",text="no\"ise"} 1' 'a label, escaped'

# ---- spreadsheets and pages of tables ----

cat >"$T/sheet.py" <<'E1'
"""The cells of the first sheet of an XLSX, as CSV of a kind."""
import re, sys, zipfile
from xml.etree import ElementTree as E
N = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
z = zipfile.ZipFile(sys.argv[1])
s = ["".join(t.text or "" for t in si.iter(N + "t"))
     for si in E.fromstring(z.read("xl/sharedStrings.xml"))]
for row in E.fromstring(z.read("xl/worksheets/sheet1.xml")).iter(N + "row"):
    print("|".join("" if c.find(N + "v") is None else
          s[int(c.find(N + "v").text)] if c.get("t") == "s" else
          c.find(N + "v").text for c in row))
    assert not list(row.iter(N + "f"))
E1
run gc-report trend -o "$T/t.xlsx" "$T/rows"
exits 0 'as a spreadsheet'
is "$(python3 "$T/sheet.py" "$T/t.xlsx" | sed -n '1p;6p' | tr '\n' ' ')" \
	'recorded_date|product_name|mention_count|share|low|high|of 2026-01-05|éclair|1|0.5|0.09453120573423075|0.9054687942657692|2 ' \
	'its cells'
run gc-report trend -o "$T/t2.xlsx" "$T/rows"
same "$T/t2.xlsx" "$T/t.xlsx" 'the same bytes again'
printf '%s\n' '{"product":"=1+1\u0001\n2","count":3}' >"$T/in"
run gc-report frequency -o "$T/f.xlsx" "$T/in"
is "$(python3 "$T/sheet.py" "$T/f.xlsx" | tail -2 | tr '\n' ' ')" \
	'product|=1+1� 2|3 ' 'no text becomes a formula'
run gc-report frequency --excel-safe -f csv "$T/in"
is "$(sed -n '2p' "$T/out" | cut -c 1-14)" "product,\"'=1+1" \
	'nor in CSV with --excel-safe'
for subject in 'summary all' 'matrix all' 'frequency rows' 'trend rows'; do
	# shellcheck disable=SC2086 # two words
	set -- $subject
	run gc-report "$1" -f html "$T/$2"
	exits 0 "$1 as a page"
	like "$(out)" '*<th scope="col"*<th scope="row"*' 'with its table'
done

if [ "$DATA" ]; then
	# every string that breaks things, through every form
	jq -c '.[] | {date: "2026-01-01", groups: {product: [.], issue: [.]}}' \
		"$DATA/blns/blns.json" >"$T/naughty"
	for f in csv tsv md txt json html svg png pdf xlsx prom; do
		run gc-report frequency -f "$f" "$T/naughty"
		exits 0 "naughty strings as $f"
	done
	run gc-report frequency -f csv "$T/naughty"
	python3 - "$T/out" "$T/naughty" <<'E1'
import collections, csv, json, sys
got = collections.Counter()
for group, text, n in list(csv.reader(open(sys.argv[1], newline="",
                                           encoding="utf-8")))[1:]:
    got[text] += int(n)
want = collections.Counter()
for line in open(sys.argv[2], encoding="utf-8"):
    want[json.loads(line)["groups"]["product"][0]] += 2
sys.exit(got != want)
E1
	ok $? 'what CSV says is what they said, by another reader'
	run gc-report frequency "$T/naughty"
	is "$(jq -c '[.products, .issues] | map(add)' "$T/out")" \
		"$(jq -s -c '[length, length]' "$T/naughty")" \
		'and JSON has them all'
	run gc-report frequency -f prom "$T/naughty"
	is "$(grep -vc '^#\|^gcpipe_[a-z_]*\({[^}]*.*"}\)\? [0-9]*$' "$T/out")" \
		0 'every line of metrics is one'
	run gc-report frequency -f tsv "$T/naughty"
	is "$(awk -F'\t' 'NF != 3' "$T/out" | wc -l)" 0 \
		'every line of TSV has three fields'
else
	skip 15 'no test data'
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
