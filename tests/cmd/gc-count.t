#!/bin/sh
# gc-count: uniq -c for records.
. tests/lib.sh

lines() {
	tr '\n' ' ' <"$T/out"
}

cat >"$T/in" <<'EOF'
{"q":"sales","n":2,"tags":["a","b"],"d":"2026-01-01T10:00:00Z"}
{"q":"care","n":0.1,"tags":["b"],"d":"2026-01-01T11:00:00Z"}
{"q":"care","n":0.2,"tags":[],"d":"2026-01-02T10:00:00Z"}
{"n":null,"tags":["a"],"d":"2026-01-02T12:00:00Z"}
EOF

run gc-count -k .q "$T/in"
exits 0 'by one key'
is "$(lines)" '{"q":"care","count":2} {"q":null,"count":1} {"q":"sales","count":1} ' \
	'by falling count, then key; null is a value'
run gc-count "$T/in"
is "$(out)" '{"count":4}' 'without a key all are one'
run gc-count -k .q --top 1 --as calls "$T/in"
is "$(out)" '{"q":"care","calls":2}' '--top and --as'
run gc-count -k 'tag=.tags[]' "$T/in"
is "$(lines)" '{"tag":"a","count":2} {"tag":"b","count":2} ' '[] counts each'
run gc-count -k '.tags[]' -k .q "$T/in"
is "$(lines)" '{"tags":"a","q":null,"count":1} {"tags":"a","q":"sales","count":1} {"tags":"b","q":"care","count":1} {"tags":"b","q":"sales","count":1} ' \
	'two keys, every combination'
run gc-count -k 'day=.d[0:10]' -s .n "$T/in"
is "$(lines)" '{"day":"2026-01-01","count":2,"sum":2.1} {"day":"2026-01-02","count":2,"sum":0.2} ' \
	'an expression of libjq, and a sum in which null adds nothing'
run gc-count -k 'same=.q == "care"' "$T/in"
is "$(lines)" '{"same":false,"count":2} {"same":true,"count":2} ' \
	'NAME= is not =='
run gc-count -k .q /dev/null
exits 0 'nothing to count'
is "$(out)" '' 'writes nothing'

# Ten times 0.1 is 1; one after the other it would not be.
i=0
while [ $i -lt 10 ]; do
	echo '{"n":0.1}'
	i=$((i + 1))
done >"$T/tenths"
run gc-count -s .n "$T/tenths"
is "$(out)" '{"count":10,"sum":1}' 'sums are rounded once'
printf '{"n":1e16}\n{"n":1}\n{"n":-1e16}\n' >"$T/cancel"
run gc-count -s .n "$T/cancel"
is "$(out)" '{"count":3,"sum":1}' 'and nothing is lost on the way'

printf '{"v":9007199254740993}\n{"v":9007199254740992}\n{"v":1.0}\n{"v":1}\n{"v":"1"}\n' >"$T/ids"
run gc-count -k .v "$T/ids"
is "$(lines)" '{"v":1,"count":2} {"v":9007199254740992,"count":1} {"v":9007199254740993,"count":1} {"v":"1","count":1} ' \
	'long ids stay apart, spellings of one number do not'

# ---- parts and threads ----
awk 'BEGIN { srand(7); for (i = 0; i < 20000; i++)
	printf "{\"k\":\"k%d\",\"x\":%.17g}\n", rand() * rand() * 300,
	    (rand() - .5) * 10 ^ int(rand() * 30 - 15) }' >"$T/many"
gc-count -k .k -s .x "$T/many" >"$T/want"
run gc-count -k .k -s .x -j 4 "$T/many"
same "$T/out" "$T/want" 'threads: the same bytes'
split -l 3000 "$T/many" "$T/split."
for p in "$T"/split.*; do
	gc-count -k .k -s .x --partial "$p"
done | sort >"$T/parts"
run gc-count -k .k --merge "$T/parts"
same "$T/out" "$T/want" 'parts, their lines in another order: the same bytes'
gc-count -k .k -s .x --partial "$T/many" >"$T/whole"
run gc-count -k .k --merge --partial "$T/parts"
same "$T/out" "$T/whole" 'parts merge into one part'
jq -rc .k "$T/many" | LC_ALL=C sort | uniq -c |
    awk '{ printf "{\"k\":\"%s\",\"count\":%d}\n", $2, $1 }' |
    LC_ALL=C sort >"$T/want"
gc-count -k .k "$T/many" | LC_ALL=C sort >"$T/got"
same "$T/got" "$T/want" 'as jq, sort and uniq -c count'

gc-count -k .k -s .x "$T/many" >"$T/all"
gc-count -k .x "$T/many" >"$T/each"
for n in 1 2 7 18 100 299 300 9999; do
	head -"$n" "$T/all" >"$T/head"
	gc-count -k .k -s .x --top "$n" "$T/many" | cmp - "$T/head"
	head -"$n" "$T/each" >"$T/head"
	gc-count -k .x --top "$n" "$T/many" | cmp - "$T/head"
done >"$T/got" 2>&1
: >"$T/want"
same "$T/got" "$T/want" '--top is the head of all, however many'

# ---- what is wrong ----
run gc-count -k '.a + .b' "$T/in"
exits 2 'an expression without a name'
run gc-count -k .q -k x.q "$T/in"
exits 2 'a word that is neither a path nor NAME=EXPR'
run gc-count -k .q -k q=.n "$T/in"
exits 2 'two keys of one name'
run gc-count -k .count "$T/in"
exits 2 'a key called count'
run gc-count -k c=.n --as c "$T/in"
exits 2 'a key called as the count'
run gc-count -s .n --as sum "$T/in"
exits 2 'a count called as the sum'
run gc-count -s .q "$T/in"
exits 3 'a sum of words'
like "$(err)" 'gc-count: */in:1:*number*' 'its place is named'
run gc-count -s .q --reject "$T/rej" "$T/in"
exits 0 'with --reject it goes on'
is "$(out)$(wc -l <"$T/rej" | tr -d ' ')" '{"count":1,"sum":0}3' 'without them'
run gc-count -k .k --merge "$T/in"
exits 3 'records are no parts'
run gc-count -k .q --merge "$T/parts"
exits 3 'parts of other keys'
gc-count -k .q --partial "$T/in" >"$T/sumless"
run gc-count -k .q -s .n --merge "$T/sumless"
exits 3 'parts without the sums asked for'
like "$(err)" 'gc-count: */sumless:1: *no sum*' 'which are not taken for 0'
if [ -w /dev/full ]; then
	code=0
	gc-count "$T/in" >/dev/full 2>"$T/err" || code=$?
	exits 6 'a full disk'
else
	skip 1 'no /dev/full'
fi

# ---- sums that are not what they seem ----
echo '{"k":1,"s":2}' >"$T/in"
run gc-count -k .k -s .s -s .k "$T/in"
exits 2 'two sums'
echo '{"k":1,"s":2}' | gc-count -k .k -s .s --partial >"$T/with"
echo '{"k":1,"s":2}' | gc-count -k .k --partial >"$T/bare"
run gc-count -k .k --merge "$T/with" "$T/bare"
exits 3 'parts with sums and parts without'
is "$(cat "$T/out")" '' 'make no answer'
run gc-count -k .k --as sum --merge "$T/with"
exits 2 'a count named as the sums of the parts'

done_testing
