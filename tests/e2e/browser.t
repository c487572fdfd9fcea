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

python3 tests/e2e/browser.py "$chromium" build/axe.min.js "$shots" \
    "file=file://$T/demo/bot-performance-drifted/dashboard.html" \
    "served=$full" "served history=${full}history" \
    "served old=${full}runs/demo/bot-performance/" "empty=$empty"
