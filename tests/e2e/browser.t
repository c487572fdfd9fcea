#!/bin/sh
# What people look at, in a browser: the demonstration's page, and what
# gc-serve serves. Screenshots go to out/demo/screenshots.
#
# The browser needs a home of its own, so lib.sh comes first.
. tests/lib.sh

chromium=$(command -v chromium || command -v chromium-browser) ||
    skip_all 'chromium is not there (make browser)'
shots=$PWD/out/demo/screenshots
mkdir -p "$shots"
code=0
sh tests/e2e/axe || code=$?
if [ "$code" = 2 ]; then
	echo 'not ok 1 - the audit is the one that was pinned'
	echo '1..1'
	exit 1
fi

DEMO_UTTERANCES=3000 sh pipelines/demo "$T/demo" >"$T/demo.out" 2>&1 || {
	sed 's/^/# /' "$T/demo.out"
	echo 'not ok 1 - the demonstration runs'
	echo '1..1'
	exit 1
}
mkdir "$T/none"
# mentions of forty days, and scores, in a store
awk 'BEGIN { for (i = 0; i < 500; i++) { d = i % 40 + 1
    printf "{\"id\":\"c%d\",\"type\":\"voice\",\"date\":\"2026-%02d-%02d\"," \
	"\"entities\":[{\"text\":\"x\",\"label\":\"product\",\"start\":0," \
	"\"end\":1,\"id\":\"p%d\",\"name\":\"Product <%d>\"},{\"text\":\"y\"," \
	"\"label\":\"issue\",\"start\":5,\"end\":6,\"id\":\"i%d\"}]}\n", i,
	(d > 31 ? 11 : 10), (d > 31 ? d - 31 : d), i * 7 % 11 % 6, i * 7 % 11 % 6,
	i % 3 } }' >"$T/mentions"
bin/gc-store --store "$T/demo/gcpipe.db" load mentions "$T/mentions" \
    >/dev/null
bin/gc-store --store "$T/demo/gcpipe.db" load scores \
    "$T/demo/engagement-scores/scores.ndjson" >/dev/null
# where there is no language model, the demonstration has no chats
chats=$T/demo/annotate-interactions
mkdir -p "$chats"
awk 'BEGIN { for (i = 0; i < 90; i++) printf \
    "{\"groups\":{\"product\":[\"p <%d>\"],\"issue\":[\"i%d\"]}}\n",
    i % 7 % 5, i % 3 }' >"$T/groups"
for form in json html; do
	[ -f "$chats/entity_frequency.$form" ] || bin/gc-report frequency -q \
	    -o "$chats/entity_frequency.$form" "$T/groups"
done
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$T"' EXIT
bin/gc-serve --port 0 "$T/demo" >"$T/full" &
pids=$!
bin/gc-serve --port 0 "$T/none" >"$T/empty" &
pids="$pids $!"
i=0
while [ "$i" -lt 100 ] && ! { [ -s "$T/full" ] && [ -s "$T/empty" ]; }; do
	sleep 0.1
	i=$((i + 1))
done
read -r full <"$T/full"
read -r empty <"$T/empty"
touch -d '2026-01-01T00:00:00Z' "$T/demo/bot-performance/"*

# a matrix of many labels
awk 'BEGIN { for (i = 0; i < 900; i++) printf "{\"a\":\"intent_%d\"," \
    "\"p\":\"intent_%d\"}\n", i % 45, i % 8 ? i % 45 : i * i % 45 }' |
    bin/gc-confusion -q -a .a -p .p |
    bin/gc-report matrix -q -o "$T/matrix.html"

python3 tests/e2e/browser.py "$chromium" build/axe.min.js "$shots" \
    "file=file://$T/demo/bot-performance-drifted/dashboard.html" \
    "served=$full" "served history=${full}history" \
    "served old=${full}runs/demo/bot-performance/" "empty=$empty" \
    "report trend=file://$T/demo/product-mentions/trend_report.html" \
    "report scores=file://$T/demo/engagement-scores/scores_report.html" \
    "report insights=file://$T/demo/speech-insights/insights_report.html" \
    "report chats=file://$chats/entity_frequency.html" \
    "report matrix of many=file://$T/matrix.html" \
    "view matrix=${full}matrix" "view drift=${full}drift" \
    "view trend=${full}trend" "view mentions=${full}mentions" \
    "view chats=${full}chats" "view scores=${full}scores" \
    "view insights=${full}insights" "view empty trend=${empty}trend"
