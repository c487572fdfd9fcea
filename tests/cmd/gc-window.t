#!/bin/sh
# gc-window: time ranges, checked and cut.
. tests/lib.sh

GC_NOW=2026-03-15T10:30:00Z
export GC_NOW

# spans: the last output as "FROM>TO" words.
spans() {
	jq -r '.from + ">" + .to' "$T/out" | tr '\n' ' ' | sed 's/ $//'
}

# ---- what is taken ----
run gc-window --from 2026-01-01 --to 2026-02-01
exits 0 'two dates'
is "$(out)" '{"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","interval":"2026-01-01T00:00:00Z/2026-02-01T00:00:00Z"}' \
	'a record an interval'
run gc-window --from 2026-01-01T01:00:00+02:00 --to 2026-01-01T00:00:00.250Z
is "$(spans)" '2025-12-31T23:00:00Z>2026-01-01T00:00:00.250Z' \
	'times with an offset and with milliseconds, as UTC'
run gc-window --from -30d
is "$(spans)" '2026-02-13T10:30:00Z>2026-03-15T10:30:00Z' '-30d, to now'
run gc-window -f today-2d -t today
is "$(spans)" '2026-03-13T00:00:00Z>2026-03-15T00:00:00Z' 'today'
run gc-window -f now-90m -t now-1h
is "$(spans)" '2026-03-15T09:00:00Z>2026-03-15T09:30:00Z' 'now less something'
run gc-window --now 2024-03-01 -f -1d
is "$(spans)" '2024-02-29T00:00:00Z>2024-03-01T00:00:00Z' \
	'--now is more than GC_NOW; a leap day'
LC_ALL=de_DE.UTF-8 run gc-window -f -0.5d
is "$(spans)" '2026-03-14T22:30:00Z>2026-03-15T10:30:00Z' 'half a day'

# ---- cut ----
run gc-window --from 2026-01-01 --to 2026-03-05 --step 31d
is "$(spans)" '2026-01-01T00:00:00Z>2026-02-01T00:00:00Z 2026-02-01T00:00:00Z>2026-03-04T00:00:00Z 2026-03-04T00:00:00Z>2026-03-05T00:00:00Z' \
	'--step cuts; the last is shorter'
run gc-window --from 2026-01-01 --to 2026-01-03 --step 1d
is "$(spans)" '2026-01-01T00:00:00Z>2026-01-02T00:00:00Z 2026-01-02T00:00:00Z>2026-01-03T00:00:00Z' \
	'no empty interval where it goes in evenly'
run gc-window --from 2026-01-01 --to 2026-01-03 --step 9000d
is "$(spans)" '2026-01-01T00:00:00Z>2026-01-03T00:00:00Z' 'a longer step'
run gc-window --from -730d --step 7h
jq -n '[inputs] | (.[0].from == "2024-03-15T10:30:00Z") and
    (.[-1].to == "2026-03-15T10:30:00Z") and length == 2503 and
    ([.[1:], .[:-1]] | transpose | all(.[0].from == .[1].to))' \
    "$T/out" >"$T/whole"
is "$(cat "$T/whole")" true 'the pieces are the range, without gap or overlap'

# ---- what is refused ----
run gc-window --from 2024-03-15 --to 2026-03-15
exits 0 '730 days are taken'
run gc-window --from 2024-03-15 --to 2026-03-15T00:00:00.001Z
exits 2 'a millisecond more is not'
like "$(err)" '*2024-03-15T00:00:00Z*longer than 730d*' 'and it says why'
is "$(out)" '' 'nothing is written'
run gc-window --from 2026-01-01 --to 2026-02-01 --max 30d
exits 2 '--max'
run gc-window --from 2020-01-01 --to 2026-02-01 --max 5000d
exits 0 'a larger --max'
run gc-window --from 2026-02-01 --to 2026-01-01
exits 2 'from after to'
like "$(err)" '*2026-02-01T00:00:00Z is not before --to 2026-01-01T00:00:00Z*' \
	'both are named'
run gc-window --from 2026-02-01 --to 2026-02-01
exits 2 'an empty range'
run gc-window --to 2026-02-01
exits 2 'no --from'
for word in '' yesterday 2026-02-30 2026-01-01T00:00:00 2026-1-1 now- \
    now+1d today-1w 1767225600 '-99999999999d' 2026-01-01T24:00:00Z -; do
	run gc-window --from "$word" --max 9999999d
	is "$code$(out)" 2 "'$word' is no time"
done
for word in 0 0d -1d week 1e9; do
	run gc-window --from -30d --step "$word"
	is "$code$(out)" 2 "'$word' is no step"
done
run gc-window --from -30d rest
exits 2 'an operand'

# ---- where it goes ----
gc-window --from -30d --step 1d -o "$T/file" --ledger "$T/ledger"
is "$(wc -l <"$T/file" | tr -d ' ') $(jq -c '[.tool, .in, .out]' "$T/ledger")" \
	'30 ["gc-window",0,30]' '-o and --ledger'
if [ -w /dev/full ]; then
	code=0
	gc-window --from -30d >/dev/full 2>"$T/err" || code=$?
	exits 6 'a full disk'
else
	skip 1 'no /dev/full'
fi

done_testing
