#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# annotate.sh -- interactions a second that gc-annotate reads, merges and
# writes against gc-mock, both on this machine; 200 with --jobs 8 is asked of
# it.
#
# RECORDS says how many (2000), DELAY how many milliseconds the service takes
# for each answer (0, and then 20, as over a network).
set -eu

cd "$(dirname "$0")/.."
make bin/gc-annotate bin/gc-auth bin/gc-fetch bin/gc-mock >/dev/null
PATH=$PWD/bin:$PATH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
export dir

cat >"$dir/runs" <<'END'
now() {
	date +%s%N | cut -c1-13
}
# timed NAME COMMAND...: interactions a second of the second column's command.
timed() {
	name=$1
	shift
	began=$(now)
	"$@" >"$dir/out"
	ms=$(($(now) - began))
	written=$(grep -c '"annotation":{"status":"written"' "$dir/out" || :)
	printf '%-34s %6d ms %7d interactions/s, %d written\n' "$name" "$ms" \
	    $((n * 1000 / ms)) "$written"
}
gc-fetch -q -r interactions limit=200 |
    jq -c '{id, groups: {product: ["acme router"], issue: ["refund"]}}' \
    >"$dir/in"
n=$(wc -l <"$dir/in" | tr -d ' ')
set='{extracted_products: .groups.product, extracted_issues: .groups.issue}'
timed 'jobs 8, written' gc-annotate -q -j 8 -m union --set "$set" "$dir/in"
timed 'jobs 8, all there already' gc-annotate -q -j 8 -m union --set "$set" \
    "$dir/in"
timed 'jobs 8, written, with a journal' gc-annotate -q -j 8 \
    --state "$dir/state$1" --set '{seen: "journal"}' "$dir/in"
timed 'jobs 8, the journal has it done' gc-annotate -q -j 8 \
    --state "$dir/state$1" --set '{seen: "journal"}' "$dir/in"
timed 'jobs 1, written' gc-annotate -q -j 1 --set '{seen: "one"}' "$dir/in"
END

for ms in ${DELAY:-0 20}; do
	echo "== a service that takes $ms ms"
	: >"$dir/faults"
	[ "$ms" = 0 ] || printf '%s\n' \
	    "{\"match\":{\"path\":\"*/customAttributes\"},\"do\":{\"delay_ms\":$ms}}" \
	    >"$dir/faults"
	gc-mock --records "${RECORDS:-2000}" --faults "$dir/faults" exec \
	    sh -eu "$dir/runs" "$ms"
done
