#!/bin/sh
# Killed with SIGKILL at random moments and started again: no interaction is
# missed, none is written twice with a different result, nothing else of its
# attributes is touched.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

KILLS=20
[ -z "${GC_TEST_LONG:-}" ] || KILLS=100
export T KILLS

cat >"$T/script" <<'END'
gc-fetch -q -r interactions | sed -n 1,120p >"$T/in"
live() {
	gc-fetch -q --each -j 4 --reject "$T/none" \
	    '/api/v2/interactions/{.id}/customAttributes' <"$T/in" |
	    jq -c '[.id, .customAttributes]'
}
live | jq -c '.[1] |= del(.round, .seen)' >"$T/before"

annotate() {
	exec gc-annotate -q --jobs 8 --state "$T/state.$round" \
	    -o "$T/out.$round" -m seen=union --set "{round: $round, seen: [\"r$round\", .id]}" \
	    "$T/in" 2>>"$T/errors"
}
now() {
	date +%s%N | cut -c1-13
}
round=0
began=$(now)
(annotate) || echo "round 0 ends with $?"
lasts=$(($(now) - began))
curl -s "$GC_API_URL/mark-0" >/dev/null
kills=0
while [ $kills -lt $KILLS ] && [ $round -lt 400 ]; do
	round=$((round + 1))
	for try in 1 2 3; do
		ms=$(od -An -N4 -tu4 /dev/urandom | awk -v n="$lasts" \
		    '{ printf "%.3f", $1 % n / 1000 }')
		(annotate) &
		pid=$!
		sleep "$ms"
		kill -9 $pid 2>/dev/null
		code=0
		wait $pid 2>/dev/null || code=$?
		[ $code -ne 137 ] || kills=$((kills + 1))
		[ $code -ne 0 ] || break
	done
	(annotate) || echo "round $round ends with $?"
	jq -c 'del(.annotation)' "$T/out.$round" | cmp - "$T/in" ||
	    echo "round $round lost records"
	jq -r .annotation.status "$T/out.$round" | sort | uniq -c |
	    grep -qx ' *120 written' || {
		echo "round $round: not all written"
		jq -c .annotation "$T/out.$round" | sort | uniq -c
	}
	jq -c 'select(.round != null)' "$T/out.$round" | head -1
	curl -s "$GC_API_URL/mark-$round" >/dev/null
done
echo "rounds $round kills $kills" >"$T/told"
live >"$T/after"
jq -c --argjson r $round 'select(.[1].round != $r or
    .[1].seen != [[range(0; $r + 1) | "r\(.)"][0], .[0],
	([range(1; $r + 1) | "r\(.)"][])]) | .[0]' "$T/after"
wc -l <"$T/after" | tr -d ' '
END
rules <<'END'
{"match":{"method":"PATCH"},"do":{"delay_ms":4}}
END
mocked sh "$T/script"
exits 0 "killed $(sed 's/.*kills //' "$T/told") times in $(sed 's/rounds \([0-9]*\).*/\1/' "$T/told") rounds"
is "$(out)" 120 'every interaction has what each round wrote, in order'
[ "$(sed 's/.*kills //' "$T/told")" -ge "$KILLS" ]
ok $? 'the kills met it at work'
is "$(cat "$T/errors")" '' 'without a complaint'
jq -c '.[1] |= del(.round, .seen)' "$T/after" |
    jq -cn --slurpfile b "$T/before" '($b | map({(.[0]): .[1]}) | add) as $b |
	inputs | select(($b[.[0]] // {}) != .[1]) | .[0]' >"$T/touched"
is "$(cat "$T/touched")" '' 'nothing else of the attributes was touched'
# between two marks: a round's writes, by interaction
jq -r 'if .path | startswith("/mark") then "mark" else
    select(.method == "PATCH" and .status == 200) |
    "\(.path) \(.body_sha256)" end' "$T/journal" |
    awk '$1 == "mark" { delete is; next }
	($1 in is) && is[$1] != $2 { print "twice: " $1 }
	{ is[$1] = $2 }' >"$T/twice"
is "$(cat "$T/twice")" '' 'no interaction was written twice with a different result'

done_testing
