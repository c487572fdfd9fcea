#!/bin/sh
# gc-report: the same numbers and the same rounding in every form.
. tests/lib.sh

command -v pdftotext >/dev/null || skip_all 'pdftotext is not there'

# An evaluation whose accuracy lies just below a half in binary, and above it
# in decimals; a matrix; a drift.
printf '%s\n' '{"kind":"evaluation","utterances":600,"metrics":{"accuracy":0.12335,"precision":0.8125,"recall":0.33333333333333331,"f1Score":0.66666666666666663}}' \
	>"$T/docs"
awk 'BEGIN { for (i = 0; i < 600; i++) printf \
    "{\"a\":\"i%d\",\"p\":\"i%d\",\"c\":0.%d}\n", i % 4,
    i % 7 ? i % 4 : i % 5 % 4, 5 + i % 5 }' >"$T/u"
gc-confusion -q -a .a -p .p -c .c "$T/u" >>"$T/docs"
sed 1,150d "$T/u" | gc-drift -q -k .p --baseline "$T/u" >>"$T/docs"
# the evaluation's figures but for the accuracy have the matrix's intervals
jq -c -s '(.[1].metrics.macro) as $m | .[0].metrics.precision = $m.precision
    | .[0].metrics.recall = $m.recall | .[0].metrics.f1Score = $m.f1 | .[]' \
	"$T/docs" >"$T/all"

awk 'BEGIN { for (i = 0; i < 90; i++) printf \
    "{\"groups\":{\"product\":[\"p%d\"],\"issue\":[%s]}}\n", i % 7 % 5,
    i % 3 ? "" : "\"no sound\"" }' >"$T/rows"
awk 'BEGIN { for (i = 0; i < 60; i++) printf \
    "{\"date\":\"2026-01-%02d\",\"product\":\"p%d\",\"count\":%d}\n",
    1 + i % 20, i % 3, 1 + i * 7 % 11 }' >"$T/counts"

python3 tests/cmd/report_forms.py "$T/all" "$T/rows" "$T/counts" "$T"
