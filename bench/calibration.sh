#!/bin/sh
# calibration.sh [GOLD...] -- is gc-ner's --confidence model a probability?
#
# On records with gold spans (.text, .spans with start, end, label; by default
# wnut17's train and dev part), each entity the model finds is right where a
# gold span has the same ends and a label that goes with its own. From the
# records with odd numbers Platt's map is fitted (J. C. Platt 1999: the log-odds
# of being right are a times the log-odds claimed, plus b; Newton's method on
# the likelihood); on the others gc-confusion says how far claim and truth lie
# apart, without the map and with it. The map goes to stdout, for
# gc-ner --calibration; the tables to stderr.
set -eu
cd "$(dirname "$0")/.."
make bin/gc-ner bin/gc-confusion >/dev/null
data=${GC_TEST_DATA:-../shared/data}/wnut17
PATH=$PWD/bin:$PATH
[ $# -gt 0 ] || set -- "$data/train.ndjson" "$data/dev.ndjson"
[ -r "$1" ] || { echo "no gold: $1" >&2; exit 0; }

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# judge [OPTION...]: a record an entity; half 1 is for the fit.
judge() {
	gc-ner --confidence model "$@" | jq -c '
	    {PERSON: ["person"], GPE: ["location"], LOC: ["location"],
	     FAC: ["location"], ORG: ["corporation", "group"],
	     NORP: ["group"], PRODUCT: ["product"],
	     WORK_OF_ART: ["creative-work"]} as $goes_with |
	    (.id[-5:] | tonumber % 2) as $half | .spans as $gold |
	    .entities[] | select($goes_with[.label]) | . as $e |
	    any($gold[]; .start == $e.start and .end == $e.end and
	        IN(.label; $goes_with[$e.label][])) as $right |
	    {half: $half, predicted: .label, confidence: .confidence,
	     actual: (if $right then .label else "wrong" end)}'
}

fit() {
	jq -r 'select(.half == 1) | [.confidence,
	    (.actual == .predicted | if . then 1 else 0 end)] | @tsv' | awk '
	{
		p = $1 < 1e-9 ? 1e-9 : $1 > 1 - 1e-9 ? 1 - 1e-9 : $1
		x[NR] = log(p / (1 - p))
		y[NR] = $2
	}
	END {
		a = 0.2
		for (round = 0; round < 50; round++) {
			g = h = aa = ab = bb = 0
			for (i = 1; i <= NR; i++) {
				q = 1 / (1 + exp(-(a * x[i] + b)))
				w = q * (1 - q)
				g += (y[i] - q) * x[i]
				h += y[i] - q
				aa += w * x[i] * x[i]
				ab += w * x[i]
				bb += w
			}
			d = aa * bb - ab * ab
			a += (g * bb - h * ab) / d
			b += (h * aa - g * ab) / d
		}
		printf "{\"method\":\"platt\",\"a\":%.4f,\"b\":%.4f,", a, b
		printf "\"labels\":[\"PERSON\",\"GPE\",\"LOC\",\"FAC\",\"ORG\","
		printf "\"NORP\",\"PRODUCT\",\"WORK_OF_ART\"],\"n\":%d}\n", NR
	}'
}

table() {
	jq -c 'select(.half == 0)' | gc-confusion -a .actual -p .predicted \
	    -c .confidence | jq -r --arg title "$1" '
	    "\($title): n \(.n), ECE \(.metrics.ece * 1000 | round / 1000), " +
	    "Brier \(.metrics.brier * 1000 | round / 1000)",
	    "  claimed        n   mean  right",
	    (.calibration.bins[] | select(.n > 0) | "  \(.low) to \(.high)\t" +
	    "\(.n)\t\(.confidence * 1000 | round / 1000)\t" +
	    "\(.accuracy * 1000 | round / 1000)")' >&2
}

judge "$@" >"$tmp/raw"
fit <"$tmp/raw" | tee "$tmp/map"
judge --calibration "$tmp/map" "$@" >"$tmp/mapped"
table 'as the model has it' <"$tmp/raw"
table 'calibrated' <"$tmp/mapped"
