#!/bin/sh
# gc-report: the first sentence, what a terminal gets, and that no string of
# data breaks any form of any report.
. tests/lib.sh

# confused RIGHT WRONG: a confusion document, refund taken for cancel.
confused() {
	printf '{"kind":"confusion","n":%d,"labels":["cancel","refund"],"matrix":[[500,0],[%d,%d]],"metrics":{"accuracy":%s}}\n' \
		$((500 + $1 + $2)) "$2" "$1" \
		"$(jq -n "(500 + $1) / (500 + $1 + $2)")"
}
confused 455 45 >"$T/old"
confused 400 100 >"$T/new"
confused 450 50 >"$T/same"

# ---- what changed ----
run gc-report summary -q -f json --previous "$T/old" "$T/new"
is "$(jq -r .says "$T/out")" 'Accuracy fell from 95.5% to 90.0% (95% interval of the change -7.8 to -3.2 points; 1,000 utterances, before 1,000); refund is now taken for cancel in 20.0% of cases, before in 9.0% (100 of 500, 95% interval 16.7% to 23.7%).' \
	'a fall, and what is now confused'
run gc-report summary -q -f json --previous "$T/new" "$T/old"
like "$(jq -r .says "$T/out")" 'Accuracy rose from 90.0% to 95.5% *; refund is taken for cancel in 9.0% of cases *' \
	'a rise'
run gc-report summary -q -f json --previous "$T/old" "$T/same"
like "$(jq -r .says "$T/out")" 'Accuracy is 95.0%, before 95.5%, no change beyond chance *; refund is taken for cancel in 10.0% *' \
	'what chance explains is no change'
run gc-report summary -q -f json "$T/new"
like "$(jq -r .says "$T/out")" 'Accuracy is 90.0% (95% interval 88.0% to 91.7%, 1,000 utterances); *' \
	'without a run before'
mkdir "$T/run"
cp "$T/old" "$T/run/confusion.json"
run gc-report dashboard -q --previous "$T/run" "$T/new"
like "$(out)" '*<p class="lead">Accuracy fell from 95.5% to 90.0%*' \
	'the run before is a folder, too'
run gc-report summary --previous "$T/none" "$T/new"
exits 2 'a run that is not there'
run gc-report summary --previous "$T" "$T/new"
exits 2 'a folder that is no run'
printf '{"kind":"evaluation","metrics":{"accuracy":0.9}}\n' >"$T/e1"
printf '{"kind":"evaluation","metrics":{"accuracy":0.8}}\n' >"$T/e2"
run gc-report summary -f json --previous "$T/e1" "$T/e2"
is "$(jq -r .says "$T/out")" \
	'Accuracy went from 90.0% to 80.0% (of how many is not known).' \
	'where nobody says of how many, nothing is claimed'

# ---- what is nearly nothing ----
printf '%s\n' '{"kind":"evaluation","metrics":{"accuracy":0.9}}' \
	'{"kind":"drift","p_value":9.96e-07,"log10_p":-6.0017,"n_current":9,"n_baseline":9,"drifted":true}' \
	'{"kind":"decision","retrain":true,"reasons":[{"rule":"drift","value":9.96e-07,"threshold":0.05,"text":"x"}]}' \
	>"$T/in"
for f in txt md html svg; do
	run gc-report dashboard -q -f $f "$T/in"
	is "$(grep -c '1\.0e-06' "$T/out" | sed 's/^[1-9].*/some/')" some \
		"a small p-value as $f"
	is "$(grep -c '10\.0e' "$T/out")" 0 'nor is it ten of anything'
done
run gc-report drift -q -f txt "$T/in"
like "$(out)" '*p = 1.0e-6, 9*' 'rounded in a sentence, too'
for p in '9.96e-07 -6.0017' '0 -1790.46' '0 -1790.002' '0 -1790' '0 null'; do
	printf '{"kind":"evaluation","metrics":{"accuracy":0.9}}\n{"kind":"drift","p_value":%s,"log10_p":%s}\n' \
		"${p% *}" "${p#* }" |
		jq -rn -f share/policies/retrain.jq --argjson p 0.05 |
		jq -r '.reasons[].text'
done >"$T/out" 2>&1
printf 'intents drifted: p %s is below 0.05\n' 9.96e-07 3.5e-1791 1.0e-1790 \
	1.0e-1790 0 >"$T/want"
same "$T/out" "$T/want" 'and in the words of a decision'

# ---- drifts of groups ----
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"q\":\"%s\",\"i\":\"x%d\"}\n",
    i % 2 ? "b" : "<a>", i % 5 }' >"$T/b"
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"q\":\"%s\",\"i\":\"x%d\"}\n",
    i % 2 ? "b" : "<a>", i % 2 ? i % 5 : i % 5 * i % 5 }' >"$T/c"
gc-drift -q -k .i --by .q --baseline "$T/b" "$T/c" >"$T/groups"
is "$(jq -r .group "$T/groups" | tr '\n' ' ')" '<a> b ' 'two groups'
run gc-report drift -q -f txt "$T/groups"
like "$(out)" 'Of 2 groups compared, 1 drifted.*<a> * x0 *b * x0 *The verdict*<a> *drift*b *no drift*' \
	'drift: every group is there, not only the last'
run gc-report dashboard -q "$T/groups"
like "$(out)" '*Of 2 groups compared, 1 drifted.*<bdi>&lt;a&gt;</bdi>*<bdi>b</bdi>*' \
	'on the dashboard too'
run gc-report summary -f csv "$T/groups"
is "$(sed -n 's/Drift P-Value,//p' "$T/out")" \
	"$(jq -s 'map(.p_adjusted) | min' "$T/groups")" \
	'the p-value is the smallest of them, adjusted'
like "$(err)" '*smallest*adjusted*' 'which is said'
run gc-report metrics "$T/groups"
is "$(grep -c 'gcpipe_bot_drift_group_p_value{group=' "$T/out")" 2 \
	'and among the metrics'
run gc-report drift -f json "$T/groups"
same "$T/out" "$T/groups" 'as data they are what they were'
run gc-report drift "$T/new"
exits 3 'no drift, no report of it'

# ---- scores and insights ----
awk 'BEGIN { for (i = 0; i < 200; i++) printf "{\"contactId\":\"c%d\"," \
    "\"score\":%s,\"imputed\":[],\"flags\":[%s]}\n", i, i / 200,
    i % 20 ? "" : "\"wide\"" }' >"$T/scores"
run gc-report summary --threshold 0.9 "$T/scores"
is "$(out | tr '\n' ' ')" 'Metric,Value Contacts Scored,200 Mean Score,0.4975 At Or Above Threshold,0.1 Flagged,0.05 Filled In,0 ' \
	'scores, counted'
run gc-report summary -f json --threshold 0.9 "$T/scores"
is "$(jq -c '[.scores_above.low, .scores_above.high] | map(. * 10000 | round)' \
	"$T/out")" '[657,1494]' 'with the interval of Wilson'
run gc-report summary -f html "$T/scores"
like "$(out)" '*10 scores are flagged and should not be acted on.*<svg class="hist"*' \
	'as a page, with their spread'
echo '{"contactId":"c","score":"high"}' >"$T/in"
run gc-report summary "$T/in"
exits 3 'a score that is no number'
printf '{"kind":"insights","results":0,"without_csat":0,"accuracy":null,"rank_correlation":null,"interval":null,"pairs":0}\n' \
	>"$T/in"
run gc-report summary -f txt "$T/in"
like "$(out)" 'There are no speech insights to report on.*' 'no insights'

# ---- why ----
printf '%s\n' '{"kind":"evaluation","utterances":100,"metrics":{"accuracy":0.8}}' \
	'{"kind":"decision","retrain":true,"reasons":[{"rule":"accuracy","value":0.8,"threshold":0.85,"text":"x"},{"rule":"drift","value":0.01,"threshold":0.05,"text":"y"}]}' \
	>"$T/in"
run gc-report summary -f json "$T/in"
like "$(jq -r .says "$T/out")" \
	"* Retraining was triggered: accuracy is below 0.85 and the drift's p is below 0.05." \
	'both causes'
printf '%s\n' '{"kind":"decision","retrain":true,"reasons":["<b>",null,{"rule":"mine"}]}' \
	'{"kind":"drift","p_value":null,"drifted":null,"verdict":null}' >"$T/in"
run gc-report dashboard -q -f txt "$T/in"
is "$(sed '/^$/,$d' "$T/out" | tr '\n' ' ')" \
	'There is no evaluation of the bot to report on yet. Whether callers ask for other things than before is not known (of how many is not known). Retraining was triggered. ' \
	'no cause that is known, nothing known of the drift'

# ---- who leads ----
# says SUBJECT ROW...: the first sentence.
says() {
	subject=$1
	shift
	printf '%s\n' "$@" | gc-report "$subject" -q -f txt |
	    sed '/^$/,$d' | tr '\n' ' ' | sed 's/ $//'
}
is "$(says frequency '{"product":"a","count":1}')" \
	'a is the only product named: 1 time.' 'one alone'
is "$(says frequency '{"product":"a","count":2}' '{"product":"b","count":2}' \
	'{"product":"c","count":1}')" \
	'Of 3 products, a and b are named most: each 2 times.' 'two alike'
is "$(says frequency '{"issue":"a","count":2}' '{"issue":"b","count":2}' \
	'{"issue":"c","count":2}')" \
	'Of 3 issues, a and 2 others are named most: each 2 times.' 'three'
is "$(says frequency '{"product":"a","count":0}')" 'Nothing was named.' \
	'none'
printf '%s\n' '{"product":"a","count":2}' '{"product":"b","count":2}' \
	'{"product":"c","count":1}' >"$T/in"
run gc-report frequency -q -f txt --top 1 "$T/in"
is "$(head -1 "$T/out")" \
	'Of 3 products, a and 1 other are named most: each 2 times.' \
	'--top leaves out lines, not what they are counted among'
is "$(says trend '{"date":"2026-01-01","product":"a","count":3}')" \
	'a is the only product mentioned: 3 times, on 2026-01-01.' \
	'one product, one day'
like "$(says trend '{"date":"2026-01-01","product":"a","count":3}' \
	'{"date":"2026-01-02","product":"b","count":3}')" \
	'a and b lead, each with 50.0% of all mentions (3 of 6, *), 2026-01-01 to 2026-01-02.' \
	'two alike'
is "$(says trend '{"date":"2026-01-01","product":"a","count":0}')" \
	'No product was mentioned.' 'none of 0'

# ---- what a terminal gets ----
awk 'BEGIN { for (i = 0; i < 40; i++) printf \
    "{\"date\":\"2026-01-%02d\",\"product\":\"p%d\",\"count\":%d}\n",
    1 + i / 2, i % 2, i % 2 ? i : 40 - i }' >"$T/counts"
run gc-report trend -q -f txt "$T/counts"
p=$(sed -n 's/^p1 .* \([^ ]*\)$/\1/p' "$T/out" | head -1)
is "${#p} $p" '20 ....:::---===++***##' 'a sparkline in ASCII'
# at CMD: what CMD writes to a terminal.
at() {
	python3 "$T/at.py" "$@" </dev/null | tr -d '\r'
}
cat >"$T/at.py" <<'E2'
import os, pty, sys
os.environ["TERM"] = "xterm"
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
E2
at env LC_ALL=C.UTF-8 gc-report trend -q -f txt "$T/counts" >"$T/tty"
esc=$(printf '\033')
is "$(grep -c "$esc" "$T/tty" | sed 's/^[1-9].*/some/') $(grep -c '▂.*█\|█.*▂' "$T/tty")" \
	'some 2' 'colour and blocks on a terminal that has them'
at env NO_COLOR=1 LC_ALL=C.UTF-8 gc-report trend -q -f txt "$T/counts" \
	>"$T/tty"
is "$(grep -c "$esc" "$T/tty")" 0 'NO_COLOR: no escape sequences'
at env LC_ALL=C NO_COLOR=1 gc-report trend -q -f txt "$T/counts" >"$T/tty"
run gc-report trend -q -f txt "$T/counts"
same "$T/tty" "$T/out" 'plain under LC_ALL=C and NO_COLOR, as in a file'
at env LC_ALL=C gc-report trend -q -f txt "$T/counts" >"$T/tty"
is "$(LC_ALL=C grep -c '[^ -~]' "$T/tty" | sed 's/^[1-9].*/some/') $(sed "s/$esc\[[0-9]*m//g" "$T/tty" | LC_ALL=C grep -c '[^ -~]')" \
	'some 0' 'LC_ALL=C: ASCII'

at env LC_ALL=C NO_COLOR=1 COLUMNS=44 gc-report frequency -q -f txt "$T/in" \
	>"$T/tty"
is "$(awk 'length > 44' "$T/tty") $(grep -c '#' "$T/tty")" ' 0' \
	'a narrow terminal has no bars'
at env LC_ALL=C NO_COLOR=1 COLUMNS=60 gc-report frequency -q -f txt "$T/in" \
	>"$T/tty"
is "$(awk 'length > 60' "$T/tty") $(grep -c '#' "$T/tty")" ' 3' \
	'a wider one short ones'

# ---- many labels ----
awk 'BEGIN { for (i = 0; i < 900; i++) printf "{\"a\":\"l%02d\",\"p\":\"l%02d\"}\n",
    i % 45, i % 8 ? i % 45 : i * i % 45 }' |
	gc-confusion -q -a .a -p .p >"$T/many"
for f in txt md html; do
	run gc-report matrix -q -f $f "$T/many"
	is "$(grep -o 'l[0-9][0-9]' "$T/out" | sort -u | wc -l | tr -d ' ') $(grep -c '25 others' "$T/out" | sed 's/^[1-9].*/some/')" \
		'45 some' "$f: the worst, the others added up, and each of them listed"
done
run gc-report matrix -q -f csv "$T/many"
is "$(wc -l <"$T/out" | tr -d ' ')" 47 'csv: all of them'
run gc-report matrix -q -f svg "$T/many"
like "$(grep '<desc' "$T/out")" '* Added up are: l*, l*.</desc>' \
	'svg: the others by name for those who cannot see it'

# ---- strings that break things, in every form of every report ----
[ "$DATA" ] || { skip 1 'no test data'; done_testing; exit; }
jq -c 'unique as $all | range(0; $all | length; 40) | $all[.:. + 40] |
    {kind: "confusion", n: 9, labels: ., matrix: [range(length) as $i |
    [range(length) | if . == $i then 3 elif . == 0 then 1 else 0 end]],
    metrics: {accuracy: 0.9}, per_class: [.[] | {label: ., support: 1,
    precision: 0.5, recall: 0.5, f1: 0.5}]},
    {kind: "drift", p_value: 0.5, test: .[2], group: .[3], categories: [.[] |
    {category: ., status: ., difference: 0.1}], warnings: .},
    {kind: "decision", retrain: true, reasons: ., job: .[3]}' \
	"$DATA/blns/blns.json" >"$T/naughty"
split -l 3 "$T/naughty" "$T/docs."
jq -c '.[] | {date: "2026-01-01", groups: {product: [.], issue: [.]}}' \
	"$DATA/blns/blns.json" >"$T/rows"
cat >"$T/harmless.py" <<'E2'
"""FORM FILE...: does nothing in them do anything?"""
import csv, html.parser, json, re, subprocess, sys, zipfile
from xml.dom import minidom
form, bad = sys.argv[1], []
class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        for k, v in attrs:
            if k.startswith("on") or k in ("src", "style") or (
                    k == "href" and tag != "link"):
                bad.append((tag, k))
        if tag in ("script", "img", "iframe", "object", "embed", "form"):
            bad.append(tag)
for name in sys.argv[2:]:
    data = open(name, "rb").read()
    if not data:
        bad.append("empty")
    elif form == "html":
        Page().feed(data.decode())
    elif form == "svg":
        for e in minidom.parseString(data).getElementsByTagName("*"):
            if e.tagName in ("script", "image", "a", "foreignObject"):
                bad.append(e.tagName)
    elif form == "json":
        for line in data.decode().split("\n"):
            line and json.loads(line)
    elif form == "csv":
        rows = list(csv.reader(open(name, newline="", encoding="utf-8")))
        if len({len(r) for r in rows}) != 1:
            bad.append("ragged")
    elif form == "tsv":
        if len({line.count("\t") for line in
                data.decode().split("\n")[:-1]}) != 1:
            bad.append("ragged")
    elif form == "xlsx":
        z = zipfile.ZipFile(name)
        for n in z.namelist():
            if n.endswith(".xml") and minidom.parseString(
                    z.read(n)).getElementsByTagName("f"):
                bad.append("formula")
    elif form == "pdf":
        subprocess.run(["pdfinfo", name], check=True, stdout=subprocess.DEVNULL)
    elif form == "txt":
        if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", data):
            bad.append("control")
    elif form == "md":
        for line in data.decode().split("\n"):
            if line.startswith("|") and re.search(r"(?<!\\)<", line):
                bad.append("markup")
    elif form == "prom":
        for line in data.decode().split("\n")[:-1]:
            if not re.fullmatch(r'#.*|[a-z0-9_]+(\{([a-z]+="([^"\\]|\\.)*",?)*\})? \S+', line):
                bad.append(line[:80])
    elif form == "png" and not data.startswith(b"\x89PNG"):
        bad.append("no PNG")
print(bad[:3] if bad else "harmless")
E2
bad=0
mkdir "$T/made" "$T/empty"
for f in csv tsv md json html svg png pdf txt xlsx prom; do
	rm -f "$T/made"/*
	for s in summary matrix drift dashboard metrics; do
		case "$s $f" in
		'drift svg' | 'drift png' | 'drift pdf') continue ;;
		esac
		for d in "$T"/docs.aa "$T"/docs.ad; do
			(cd "$T/empty" && gc-report $s -q -f $f "$d") \
				>"$T/made/$s.${d##*.}" || bad=$((bad + 1))
		done
	done
	for s in frequency trend; do
		(cd "$T/empty" && gc-report $s -q -f $f "$T/rows") \
			>"$T/made/$s" || bad=$((bad + 1))
	done
	is "$(python3 "$T/harmless.py" $f "$T/made"/*)" harmless \
		"every report of naughty strings as $f"
done
# the last of them are metrics
python=
for p in python3 /usr/bin/python3; do
	$p -c 'import prometheus_client' 2>/dev/null && python=$p && break
done
if [ "$python" ]; then
	for d in "$T/made"/*; do
		$python -c 'import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(len(list(text_string_to_metric_families(sys.stdin.read()))) > 1)' \
			<"$d" 2>&1 | tail -1
	done | sort | uniq -c | sed 's/^ *//' >"$T/parsed"
	is "$(cat "$T/parsed")" '12 True' \
		"Prometheus' parser takes every report's metrics"
else
	skip 1 'prometheus_client is not there'
fi
is "$bad" 0 'none of them failed'
is "$(ls "$T/empty")" '' 'and nothing was left behind'
done_testing
