#!/bin/sh
# An interrupted fetch goes on where it stopped, and the file holds each
# record exactly once, whatever the moment of the kill.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

# Twenty pages of five, the next one named by the answer.
pages() {
	awk -v delay="${1-0}" 'BEGIN { for (i = 1; i <= 20; i++) {
		q = i == 1 ? "" : ",\"query\":\"*page=" i "*\""
		s = ""
		for (k = 0; k < 5; k++)
			s = s (k ? "," : "") "{\"id\":" 5 * i + k - 4 ",\"v\":1.0}"
		n = i < 20 ? "\"/p?page=" i + 1 "\"" : "null"
		line[i] = "{\"match\":{\"path\":\"/p\"" q "},\"do\":{\"status\":200," \
		    "\"delay_ms\":" delay ",\"body\":{\"entities\":[" s \
		    "],\"total\":100,\"nextUri\":" n "}}}" }
		for (i = 20; i > 0; i--) print line[i] }'
}

seq 100 | sed 's/.*/{"id":&,"v":1.0}/' >"$T/want"

# ---- stopped by a limit, again and again ----
pages | rules
mocked sh -c 'cd "$0" && for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	gc-fetch -q --state s -o f --max-records $((i * 9)) /p
	echo $?; [ -e f ] && break; done' "$T"
is "$(tr '\n' ' ' <"$T/out")" '7 7 7 7 7 7 7 7 7 7 7 0 ' \
    'a few more records each time: exit 7, at last 0'
same "$T/f" "$T/want" 'each record once'
ls "$T/s" "$T/f.part" >/dev/null 2>&1
is $? 2 'state and .part are gone'
is "$(asked .query | sort | uniq -d | wc -l | tr -d ' ')" 11 \
    'only pages that were not taken whole are asked for again'

# ---- killed ----
cat >"$T/killer" <<'END'
#!/bin/sh
# killer DIR MILLISECONDS...: starts the fetch and kills it, then lets it end.
cd "$1" || exit 1
shift
for ms; do
	gc-fetch -q --state s -o f /p &
	pid=$!
	sleep "$(printf '0.%03d' "$ms")"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ -e f ] && [ ! -e s ] && break
done
gc-fetch -q --state s -o f /p
END
pages 4 | rules
for round in 1 2 3; do
	rm -rf "$T/k"
	mkdir "$T/k"
	mocked sh "$T/killer" "$T/k" $((40 + round)) $((50 + 7 * round)) \
	    $((60 + 3 * round)) $((41 * round))
	exits 0 "killed at four moments, then left alone ($round)"
	same "$T/k/f" "$T/want" 'each record exactly once'
	ls "$T/k/s" "$T/k/f.part" >/dev/null 2>&1
	is $? 2 'nothing else is left'
done

# ---- killed at the very end ----
pages | rules
mkdir "$T/e"
mocked sh -c 'cd "$0" && gc-fetch -q --state s -o f --max-records 95 /p
	gc-fetch -q --state s -o f /p && cp f whole
	bytes=$(wc -c <f | tr -d " ")
	# between the last writing of the state and the renaming
	gc-fetch -q --state s -o f2 --max-records 95 /p
	jq -c ".complete = true | .bytes = $bytes | .records = 100 |
	    .path = 1 | .page = null" s >s2 && mv s2 s
	cp whole f2.part; printf "half a rec" >>f2.part
	gc-fetch --state s -o f2 /p; echo "between $?"
	# between the renaming and the removal of the state
	gc-fetch -q --state s -o f3 --max-records 95 /p
	jq -c ".complete = true | .bytes = $bytes | .records = 100 |
	    .path = 1 | .page = null" s >s2 && mv s2 s
	cp whole f3; rm f3.part
	gc-fetch --state s -o f3 /p; echo "after $?"' "$T/e"
like "$(out)" 'between 0
after 0' 'before and after the renaming'
same "$T/e/f2" "$T/want" 'the file is cut and named'
same "$T/e/f3" "$T/want" 'the file stays as it was'
ls "$T/e/s" "$T/e/f2.part" "$T/e/f3.part" >/dev/null 2>&1
is $? 2 'the state goes'

# The same moments of a named request, and the bookmark with it.
pages | rules
mkdir "$T/n"
echo '{path: "/p", query: {since: (.vars.since // null)}}' >"$T/n/p.jq"
mocked sh -c 'cd "$0" && go() { gc-fetch -q --state s --since b \
	--since-by .id -o "$@" -r ./p.jq; }
	go f --max-records 95; go f && mv b want && cp f whole
	bytes=$(wc -c <f | tr -d " ")
	go f2 --max-records 95
	jq -c ".complete = true | .bytes = $bytes | .records = 100 |
	    .path = 1 | .page = null | .mark = 100" s >s2 && mv s2 s
	cp s s3; cp whole f2.part
	go f2; echo "between $?"; mv b b2
	cp s3 s; cp whole f3
	go f3; echo "after $?"' "$T/n"
is "$(out)" 'between 0
after 0' 'a named request: before and after the renaming'
same "$T/n/f2" "$T/want" 'what is complete is not fetched again'
same "$T/n/f3" "$T/want" 'nor after the renaming'
is "$(jq -c '[.since, .records]' "$T/n/want" "$T/n/b2" "$T/n/b" |
    tr '\n' ' ')" '[100,100] [100,100] [100,100] ' \
    'the bookmark is kept whatever the moment, its count with it'
ls "$T/n/s" "$T/n/f2.part" "$T/n/f3.part" >/dev/null 2>&1
is $? 2 'and the state goes'

# ---- two at once ----
pages 30 | rules
mocked sh -c 'cd "$0" && gc-fetch -q --state two -o two.out /p & sleep 0.2
	gc-fetch --state "$0/two" -o "$0/two.out" /p; echo $?; wait' "$T"
is "$(out)" 7 'a second one on the same file is told so'
like "$(err)" '*another process is writing*' 'in words'
same "$T/two.out" "$T/want" 'the first one is not disturbed'
pages | rules

# ---- a state belongs to its query ----
mocked sh -c 'cd "$0" && gc-fetch -q --state q -o g --max-pages 1 /p
	gc-fetch --state q -o g "/p?other=1"; echo $?
	gc-fetch --state q -o g --records .entities /p; echo $?
	printf x >q; gc-fetch --state q -o g /p; echo $?' "$T"
is "$(tr '\n' ' ' <"$T/out")" '2 2 2 ' 'another query is refused; so is rubbish'
like "$(err)" '*belongs to another query*' 'says why'

# ---- through a service's failure ----
pages | sed '1,10s/"status":200/"status":500/' | rules
mocked sh -c 'cd "$0" && gc-fetch -q --tries 1 --state h -o h1 /p; echo $?' "$T"
is "$(out)" 4 'a failure on page 11'
is "$(wc -l <"$T/h1.part" | tr -d ' ')" 50 'what came before it is kept'
[ ! -e "$T/h1" ]
ok $? 'under its other name'

# ---- several paths, and stdout ----
{
	pages
	answers /a '' '[{"id":"a"}]'
} | rules
mocked sh -c 'cd "$0" && gc-fetch -q --state t --max-records 50 /a /p /a
	gc-fetch -q --state t /a /p /a' "$T"
exits 0 'two lives, three paths, to stdout'
{ echo '{"id":"a"}'; cat "$T/want"; echo '{"id":"a"}'; } >"$T/want3"
same "$T/out" "$T/want3" 'one stream'

# ---- bookmarks ----
{
	answers /new 'since=1970-01-01T00%3A00%3A00Z' '[{"id":1,"t":"2026-01-02"},{"id":2,"t":"2026-01-01"}]'
	answers /new 'since=2026-01-02' '[{"id":3,"t":"2026-01-03"}]'
	answers /new 'since=2026-01-03' '[]'
	answers /new 'since=2026-05-05T00%3A00%3A00Z' '[{"id":9}]'
} | rules
mocked sh -c 'cd "$0" && for i in 1 2 3 4; do
	gc-fetch --since b --since-by .t "/new?since={since}" || exit; done
	gc-fetch --since b2 --now 2026-05-05T00:00:00Z "/new?since={since}"
	gc-fetch --since b2 "/new?since={since}"
	gc-fetch --since b2 "/new?since={since}&x=1"; echo $?' "$T"
is "$(jq -c '.id? // .' "$T/out" | tr '\n' ' ')" '1 2 3 1 2 9 2 ' \
    'each run begins where the last one ended'
mocked gc-fetch --since "$T/b3" -r train
exits 2 'a request that has no use for a bookmark'
run env GENESYS_BOT_ID=b gc-fetch --no-auth --dry-run --since "$T/b4" \
    --now 2026-02-01T00:00:00Z -r archive
like "$(out)" '*"start":"2026-01-02T00:00:00Z"*' 'no bookmark yet: the default'
: | rules
mocked env GC_NOW=2026-11-21T00:00:00Z sh -c 'cd "$0" &&
	one() {
		gc-fetch -q --since b5 --since-by .date -r archive "$@"
	}
	one --now 2026-11-01T00:00:00Z >one && one >two &&
	gc-fetch -q -r archive from=2026-10-02T00:00:00Z >all' "$T"
exits 0 'two incremental runs'
cat "$T/one" "$T/two" | sort -u >"$T/both"
sort "$T/all" >"$T/sorted"
[ -s "$T/one" ] && [ -s "$T/two" ] && same "$T/both" "$T/sorted" \
    'bring what one run over the whole brings'
is "$(jq -r .since "$T/b")" 2026-01-03 'an empty run leaves the bookmark'

done_testing
