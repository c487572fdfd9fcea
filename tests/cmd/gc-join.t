#!/bin/sh
# gc-join: a field from another stream by key.
. tests/lib.sh

cat >"$T/left" <<'END'
{"id":"a","n":1.0}
{"id":"b", "n" : 9007199254740993}
 {"x":1}
{"id":null}
{"id":1.0,"csat":"stale","z":[1, 2]}
{"id":"b2","csat":"stale"}
END
cat >"$T/right" <<'END'
{"id":"a","csat":5.0}
{"id":"unasked","csat":1}
{"id":1,"csat":{"avg": 4}}
{"csat":3}
{"id":"a","csat":6}
{"id":"\u0062","csat":null}
{"id":"1","csat":"a string is no number"}
END

# ---- what comes out ----
run gc-join -k .id --with "$T/right" --as csat --value .csat "$T/left"
exits 0 'a join'
cat >"$T/want" <<'END'
{"id":"a","n":1.0,"csat":6}
{"id":"b", "n" : 9007199254740993,"csat":null}
{"x":1}
{"id":null}
{"id":1.0,"z":[1, 2],"csat":{"avg": 4}}
{"id":"b2"}
END
same "$T/out" "$T/want" 'the last of two counts; without a match as it was, less an old field; null matches nothing'
is "$(err)" "gc-join: 3 of 6 records found nothing; 2 of 5 keys of $T/right were not asked for
gc-join: $T/right: 1 records with a key that was there already, 1 without one" \
	'what had no match is counted, on both sides'
cp "$T/out" "$T/once"
run gc-join -k .id --with "$T/right" --as csat --value .csat "$T/once"
same "$T/out" "$T/once" 'twice is as once'
run gc-join -q -k .id -w "$T/right" -a csat -v .csat -i --ledger "$T/ledger" "$T/left"
is "$(out | jq -c .csat | tr '\n' ' ')$(err)" '6 null {"avg":4} ' '--inner'
is "$(jq -c '[.in, .used, .dropped, .out]' "$T/ledger")" '[6,3,3,3]' 'the ledger'
run gc-join -k .id -w "$T/right" -a m "$T/left"
is "$(head -1 "$T/out")" '{"id":"a","n":1.0,"m":{"id":"a","csat":6}}' 'the whole right record'
run gc-join -k .id -w "$T/right" -a m -v .csat --duplicates first "$T/left"
is "$(head -1 "$T/out")" '{"id":"a","n":1.0,"m":5.0}' 'the first, as it is spelled'
run gc-join -k .id -w "$T/right" -a m -v .csat --duplicates all "$T/left"
is "$(jq -c .m "$T/out" | tr '\n' ' ')" '[5,6] [null] null null [{"avg":4}] null ' 'all, in their order'
run gc-join -k .id -w "$T/right" -a m --duplicates error "$T/left"
exits 3 'an error'
like "$(err)" "gc-join: $T/right:5: *\"a\"" 'its place and key'
run gc-join -k .id -w "$T/right" -a csat --default '{"none":true}' "$T/left"
is "$(tail -1 "$T/out")" '{"id":"b2","csat":{"none":true}}' '--default'
run gc-join -k '.id' --with-key '.csat' -w "$T/right" -a m "$T/left"
is "$(jq -c 'select(.m) | [.id, .m.id]' "$T/out")" '[1,"unasked"]' 'another key on the right'
printf '{"k":5}\n{"k":6.0}\n' >"$T/l2"
run gc-join -k .k --with-key .csat -w "$T/right" -a m -v .id "$T/l2"
is "$(jq -c .m "$T/out" | tr '\n' ' ')" '"a" "a" ' 'which is compared by value'
run gc-join -k '[.id, .n]' -w "$T/left" -a m -v '.n' "$T/left"
is "$(jq -c .m "$T/out" | head -2 | tr '\n' ' ')" '1 9007199254740992 ' 'a key of two parts'
run gc-join -k .id -w /dev/null -a m "$T/left"
is "$(jq -c 'has("m")' "$T/out" | sort -u)" false 'an empty right side'
run gc-join -k .id -w - -a m -v .csat "$T/left" <"$T/right"
is "$(jq -c .m "$T/out" | head -1)" 6 'the right side from stdin'

# The left side streams: its first record comes out while it goes on.
mkfifo "$T/fifo"
gc-join -q -k .id -w "$T/right" -a m -v .csat --unbuffered "$T/fifo" >"$T/out" &
pid=$!
exec 3>"$T/fifo"
head -1 "$T/left" >&3
i=0
while [ ! -s "$T/out" ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
is "$(out)" '{"id":"a","n":1.0,"m":6}' 'the left side streams'
exec 3>&-
wait $pid

# ---- a right side that does not fit ----
awk 'BEGIN { srand(1); for (i = 0; i < 60000; i++) printf "{\"id\":%s,\"v\":%d,\"pad\":\"%s\"}\n", rand() < .5 ? "\"k" int(rand() * 40000) "\"" : int(rand() * 40000) (rand() < .3 ? ".0" : ""), i, substr("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1, rand() * 70) }' >"$T/big"
awk 'BEGIN { srand(2); for (i = 0; i < 50000; i++) printf "{\"i\":%d,\"id\":%s}\n", i, rand() < .1 ? "null" : rand() < .5 ? "\"k" int(rand() * 60000) "\"" : int(rand() * 60000) }' >"$T/ask"
for how in '--duplicates last' '--duplicates first' '--duplicates all' \
    '--inner' '--inner --duplicates all' '--default 0'; do
	# shellcheck disable=SC2086 # words are meant
	gc-join -k .id -w "$T/big" -a m $how --ledger "$T/l.mem" "$T/ask" >"$T/want" 2>"$T/e.mem"
	# shellcheck disable=SC2086
	run gc-join -k .id -w "$T/big" -a m $how -m 64K -j 4 --ledger "$T/l.disk" "$T/ask"
	same "$T/out" "$T/want" "in memory and through files: $how"
	same "$T/err" "$T/e.mem" 'the same counts'
done
is "$(jq -c 'del(.pid, .started, .ended)' "$T/l.disk")" \
	"$(jq -c 'del(.pid, .started, .ended)' "$T/l.mem")" 'the same ledger'
gc-join -q -k .id -w "$T/big" -a m --inner --ledger "$T/l2.disk" -m 64K "$T/ask" >"$T/out"
is "$(jq '.used == .out and .used + .dropped == .in' "$T/l2.disk")" true \
	'and it adds up with --inner'
run gc-join -q -k .id -w "$T/big" -a m -j 3 "$T/ask"
gc-join -q -k .id -w "$T/big" -a m "$T/ask" >"$T/want"
same "$T/out" "$T/want" 'threads: the same bytes'
jq -c -n --slurpfile r "$T/big" '(reduce ($r[] | select(.id != null)) as $x ({}; .[$x.id | tojson] = $x.v)) as $t | inputs | [.i, $t[.id | tojson]]' "$T/ask" >"$T/want"
jq -c '[.i, .m.v]' "$T/out" >"$T/got"
same "$T/got" "$T/want" 'as jq joins'
run gc-join -k .id -w "$T/big" -a m -m 64K --duplicates error "$T/ask"
exits 3 'a doubled key in files'
like "$(err)" '*second record with the key*' 'is told'

# One key with more matches than memory.
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "{\"id\":\"k%d\",\"v\":%d}\n", i % 3 ? 1 : i, i }' >"$T/skew"
printf '{"id":"k1"}\n{"id":"k3"}\n{"id":"k4"}\n' >"$T/few"
run gc-join -q -k .id -w "$T/skew" -a m -v .v --duplicates all -m 64K "$T/few"
is "$(jq -c '.m | length' "$T/out" | tr '\n' ' ')" '13333 1 0 ' 'one key with many matches'
TMPDIR=$T/nowhere run gc-join -k .id -w "$T/skew" -a m -m 64K "$T/few"
exits 6 'no place for files'
if nm bin/gc-join 2>/dev/null | grep -q __asan_init; then
	skip 1 'memory is not the program'\''s own here'
elif command -v python3 >/dev/null 2>&1; then
	awk 'BEGIN { for (i = 0; i < 400000; i++) printf "{\"id\":\"k%d\",\"pad\":\"%070d\"}\n", i, i }' >"$T/huge"
	python3 - "$T" >"$T/rss" <<'END'
import resource, subprocess, sys
t = sys.argv[1]
subprocess.run(["gc-join", "-q", "-k", ".id", "-w", t + "/huge", "-a", "m",
                "-m", "2M", t + "/ask"], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 24 * 1024)
END
	is "$(cat "$T/rss")" True 'memory stays near what was allowed'
else
	skip 1 'no python3'
fi

# ---- what is wrong ----
printf '{"id":"a"}\n[1]\n{"id":"a"\n{"id":"b"}\n' >"$T/bad"
run gc-join -k .id -w "$T/right" -a m "$T/bad"
exits 3 'a record that is no object'
like "$(err)" '*bad:2:*no object*' 'its place'
run gc-join -q -k .id -w "$T/right" -a m --reject "$T/rej" "$T/bad"
is "$code $(wc -l <"$T/out" | tr -d ' ') $(jq -r .rule "$T/rej" | tr '\n' ' ')" \
	'0 2 not-an-object invalid-json ' '--reject'
run gc-join -k .id -w "$T/bad" -a m "$T/left"
exits 3 'a right side that is bad'
like "$(err)" '*bad:*' 'its place'
run gc-join -k .id -w "$T/nosuch" -a m "$T/left"
exits 2 'no right side'
run gc-join -k .id -w "$T/right" -a m "$T/nosuch"
exits 2 'no left side'
run gc-join -k .id -w "$T/right" "$T/left"
exits 2 'no --as'
run gc-join -w "$T/right" -a m "$T/left"
exits 2 'no --key'
run gc-join -k .id -a m "$T/left"
exits 2 'no --with'
run gc-join -k .id -w - -a m <"$T/left"
exits 2 'stdin twice'
run gc-join -k .id -w "$T/right" -a m --default nonsense "$T/left"
exits 2 'a default that is no JSON'
run gc-join -k .id -w "$T/right" -a m --inner --default 0 "$T/left"
exits 2 '--inner and --default'
run gc-join -k .id -w "$T/right" -a m --duplicates some "$T/left"
exits 2 'no such way with duplicates'
run gc-join -k .id -w "$T/right" -a m -m 1K "$T/left"
exits 2 'too little memory'
# ---- what would lie too deep in a record ----
python3 -c 'for n in (998, 999):
    print("{\"id\":%d,\"v\":%s%s}" % (n, "[" * n, "]" * n))' >"$T/deep"
printf '{"id":998}\n' >"$T/one"
sed 1q "$T/deep" >"$T/right"
gc-join -q -k .id -w "$T/right" -a m "$T/one" | gc-count >"$T/out"
is "$(out)" '{"count":1}' 'a right side 999 deep can be read again'
run gc-join -k .id -w "$T/deep" -a m "$T/one"
is "$code $(err)" "3 gc-join: $T/deep:2: nested too deep to stand in a record" \
    'one of 1,000 could not'
run gc-join -k .id -w "$T/right" -a m --duplicates all "$T/one"
exits 3 'in a list even that'

if [ -w /dev/full ]; then
	code=0
	gc-join -k .id -w "$T/right" -a m "$T/left" >/dev/full 2>"$T/err" || code=$?
	exits 6 'a full disk'
else
	skip 1 'no /dev/full'
fi

done_testing
