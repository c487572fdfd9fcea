#!/bin/sh
# gc-score killed with SIGKILL at random moments and started again: each score
# once and in order, each reject once, the audit one whole chain.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

KILLS=20
[ -z "${GC_TEST_LONG:-}" ] || KILLS=100
export T KILLS
awk 'BEGIN { for (i = 0; i < 3000; i++)
    printf "{\"contactId\":\"c%d\",\"features\":{\"previous_calls\":%s}}\n", i,
    i % 97 == 5 ? "\"x\"" : i % 20 }' >"$T/c"
jq -r 'select(.features.previous_calls != "x").contactId' "$T/c" >"$T/good"
jq -r 'select(.features.previous_calls == "x").contactId' "$T/c" >"$T/bad"

cat >"$T/script" <<'END'
score() {
	exec gc-score -q -f engagement -n 50 -j 3 --now 2026-02-03T04:05:06Z \
	    --state "$T/state" -o "$T/out.$round" --reject "$T/rejects" \
	    --audit "$T/audit" --audit-size 100k "$T/c" 2>>"$T/errors"
}
now() {
	date +%s%N | cut -c1-13
}
round=0
began=$(now)
(score) || echo "round 0 ends with $?"
lasts=$(($(now) - began))
kills=0
while [ $kills -lt $KILLS ] && [ $round -lt 400 ]; do
	round=$((round + 1))
	for try in 1 2 3; do
		ms=$(od -An -N4 -tu4 /dev/urandom | awk -v n="$lasts" \
		    '{ printf "%.3f", $1 % n / 1000 }')
		(score) &
		pid=$!
		sleep "$ms"
		kill -9 $pid 2>/dev/null
		code=0
		wait $pid 2>/dev/null || code=$?
		[ $code -ne 137 ] || kills=$((kills + 1))
		[ $code -ne 0 ] || break
	done
	[ $code -eq 0 ] || (score) || echo "round $round ends with $?"
	jq -r .contactId "$T/out.$round" | cmp - "$T/good" ||
	    echo "round $round: not each score once"
	jq -r .record.contactId "$T/rejects" | cmp - "$T/bad" ||
	    echo "round $round: not each reject once"
	[ ! -e "$T/state" ] || echo "round $round left its state"
done
echo "rounds $round kills $kills"
END
printf '%s\n' '{"match":{"path":"*/score"},"do":{"delay_ms":8}}' | rules
mocked sh "$T/script"
exits 0 'killed and started again'
like "$(out)" 'rounds * kills *' 'each round has each score and reject once'
is "$(wc -l <"$T/out" | tr -d ' ')" 1 'and nothing else is wrong'
[ "$(sed 's/.*kills //' "$T/out")" -ge "$KILLS" ]
ok $? "the kills met it at work: $(cat "$T/out")"
is "$(cat "$T/errors")" '' 'without a complaint'
find "$T" -name 'audit.[0-9]*' | sed 's/.*audit\.//' | sort -rn |
	sed "s|^|$T/audit.|" >"$T/files"
# shellcheck disable=SC2046 # a list of names
run gc-score --verify $(cat "$T/files") "$T/audit"
exits 0 'the audit of all of them is one whole chain'
rounds=$(sed 's/rounds \([0-9]*\).*/\1/' "$T/out")
# shellcheck disable=SC2046
cat $(cat "$T/files") "$T/audit" | jq -r 'select(.kind == "contact").contactId' |
	sort | uniq -c | awk -v n="$rounds" '$1 < n { print $2 }' >"$T/lost"
is "$(cat "$T/lost")" '' 'with each contact in it at least once a round'
jq -r 'select(.status == 200 and (.path | endswith("/score"))) |
    .headers["idempotency-key"] + " " + .body_sha256' "$T/journal" | sort -u |
	cut -d' ' -f1 | uniq -d >"$T/twice"
is "$(cat "$T/twice")" '' 'a key belongs to one body'

# Killed at each rename, unlink and fsync of a small run, one after the other.
if strace -o /dev/null true 2>/dev/null; then
	head -150 "$T/c" >"$T/few"
	jq -r 'select(.features.previous_calls != "x").contactId' "$T/few" \
		>"$T/good"
	cat >"$T/points" <<'END'
score() {
	"$@" gc-score -q -f engagement -n 50 --now 2026-02-03T04:05:06Z \
	    --state "$T/state" -o "$T/o" --reject "$T/rejects2" \
	    --audit "$T/audit2" "$T/few" 2>"$T/errors2"
}
points=0
for call in rename unlink fsync; do
	n=0
	while n=$((n + 1)); do
		rm -f "$T/state" "$T/o" "$T/o.part" "$T"/rejects2* "$T"/audit2*
		code=0
		score strace -f -o /dev/null -e trace=$call \
		    -e inject=$call:signal=KILL:when=$n || code=$?
		[ $code -ne 0 ] || break
		[ $code -eq 137 ] || {
			echo "$call $n: $code: $(cat "$T/errors2")"
			break
		}
		points=$((points + 1))
		score env || echo "$call $n: ends with $?: $(cat "$T/errors2")"
		jq -r .contactId "$T/o" | cmp -s - "$T/good" ||
		    echo "$call $n: not each score once"
		[ "$(wc -l <"$T/rejects2")" -eq 2 ] ||
		    echo "$call $n: not each reject once"
		[ ! -e "$T/state" ] && [ ! -e "$T/o.part" ] ||
		    echo "$call $n: something is left"
		gc-score -q --verify "$T/audit2" || echo "$call $n: the chain"
	done
done
echo "points $points"
END
	: >"$T/rules"
	# leaks cannot be looked for in a process that is traced
	(
		ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS-}
		export ASAN_OPTIONS
		mocked sh "$T/points"
	)
	like "$(out)" 'points [1-9]*' 'killed at each of them, nothing is lost'
	is "$(wc -l <"$T/out" | tr -d ' ')" 1 "$(tail -1 "$T/out")"
else
	skip 2 'no strace'
fi
done_testing
