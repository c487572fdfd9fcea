#!/bin/sh
# Pages: every style to its end, no request too many, and nothing missing.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

ids() {
	jq -r .id "$T/out" | tr '\n' ' '
}

# ---- page numbers ----
{
	answers /l '*pageNumber=2*' '{"entities":[{"id":3},{"id":4}],
	    "pageNumber":2,"pageCount":3,"total":5}'
	answers /l '*pageNumber=3*' '{"entities":[{"id":5}],"pageNumber":3,
	    "pageCount":3,"total":5}'
	answers /l '' '{"entities":[{"id":1},{"id":2}],"pageNumber":1,
	    "pageCount":3,"total":5}'
} | rules
mocked gc-fetch '/l?pageSize=2'
exits 0 'page numbers: done'
is "$(ids)" '1 2 3 4 5 ' 'every record, in order'
is "$(asked .query | tr '\n' ' ')" \
    '"pageSize=2" "pageSize=2&pageNumber=2" "pageSize=2&pageNumber=3" ' \
    'three requests for three pages'

mocked gc-fetch --max-pages 2 '/l?pageSize=2'
exits 7 '--max-pages in the way: exit 7'
is "$(ids)" '1 2 3 4 ' 'what came before it is there'
mocked gc-fetch --max-pages 3 '/l?pageSize=2'
exits 0 '--max-pages not in the way'
mocked gc-fetch --max-records 3 '/l?pageSize=2'
exits 7 '--max-records in the way'
is "$(ids)" '1 2 3 ' 'just as many'
mocked gc-fetch --max-records 5 '/l?pageSize=2'
exits 0 '--max-records not in the way'
mocked gc-fetch --max-time 0.001 '/l?pageSize=2'
is "$code $(ids)" '7 1 2 ' '--max-time is over: no further page'
mocked gc-fetch --pages '/l?pageSize=2'
is "$(jq -c .pageNumber "$T/out" | tr '\n' ' ')" '1 2 3 ' '--pages'
mocked gc-fetch --records '.entities[].id' '/l?pageSize=2'
is "$(tr '\n' ' ' <"$T/out")" '1 2 3 4 5 ' '--records with an expression'
mocked gc-fetch --records entities '/l?pageSize=2'
is "$(ids)" '1 2 3 4 5 ' '--records with a name'
mocked gc-fetch --paginate none '/l?pageSize=2'
exits 0 '--paginate none: one page is what was asked for'
is "$(ids)" '1 2 ' 'and one page it is'

# ---- a page number in a POST's body ----
cat >"$T/more" <<'END'
{"match":{"path":"/q/query","body":"\"pageNumber\":2"},"do":{"status":200,"body":{"conversations":[{"conversationId":"c"}],"totalHits":3}}}
{"match":{"path":"/q/query"},"do":{"status":200,"body":{"conversations":[{"conversationId":"a"},{"conversationId":"b"}],"totalHits":3}}}
END
rules <"$T/more"
mocked gc-fetch -d '{"paging":{"pageSize":2,"pageNumber":1}, "order":"asc"}' \
    /q/query
exits 0 'a POST query, paged in its body'
is "$(jq -r .conversationId "$T/out" | tr '\n' ' ')" 'a b c ' 'all of it'
is "$(asked .method | tr '\n' ' ')" '"POST" "POST" ' 'two requests'

# ---- offset and total ----
cat >"$T/more" <<'END'
{"match":{"path":"/o","body":"\"offset\":2"},"do":{"status":200,"body":{"byGroup":[{"groupId":"c"}],"totalCount":3,"pageSize":2,"offset":2}}}
{"match":{"path":"/o"},"do":{"status":200,"body":{"byGroup":[{"groupId":"a"},{"groupId":"b"}],"totalCount":3,"pageSize":2,"offset":0}}}
END
rules <"$T/more"
mocked gc-fetch -d '{"size":2,"offset":0}' /o
exits 0 'offsets'
is "$(jq -r .groupId "$T/out" | tr '\n' ' ')" 'a b c ' 'all of it'

# ---- cursors ----
{
	answers /c '*cursor=AB%3D*' '{"results":[{"id":3}]}'
	answers /c '' '{"results":[{"id":1},{"id":2}],"cursor":"AB="}'
} | rules
mocked gc-fetch /c
is "$(ids)" '1 2 3 ' 'a cursor, encoded on its way back'

# ---- next URIs, relative and absolute ----
{
	answers /n '*page=2*' '{"entities":[{"id":2}],"nextUri":null}'
	answers /n '' '{"entities":[{"id":1}],"nextUri":"/n?page=2"}'
} | rules
mocked gc-fetch /n
is "$(ids)" '1 2 ' 'a relative nextUri'
mocked sh -c 'sed "s|/n?page=2|$GC_API_URL/n?page=2|" "$0" >"$1" &&
	gc-mock -f "$1" exec gc-fetch /n' "$T/rules" "$T/absolute"
exits 4 'an absolute nextUri of another port is another origin'

# ---- pages before their turn ----
awk 'BEGIN { for (i = 20; i > 0; i--) {
	q = i == 1 ? "" : ",\"query\":\"*pageNumber=" i "*\""
	printf "{\"match\":{\"path\":\"/t\"%s},\"do\":{\"status\":200,", q
	printf "\"delay_ms\":%d,\"body\":{\"entities\":[{\"id\":%d},{\"id\":%d}],",
	    50 + 37 * i % 50, 2 * i - 1, 2 * i
	printf "\"pageNumber\":%d,\"pageCount\":20,\"total\":40}}}\n", i } }' |
    rules
start=$(date +%s)
mocked gc-fetch -j 8 '/t?pageSize=2'
exits 0 'eight pages at a time'
[ $(($(date +%s) - start)) -lt 2 ]
ok $? 'take less than one after the other'
seq 40 | sed 's/.*/{"id":&}/' >"$T/want"
same "$T/out" "$T/want" 'and come in order'
is "$(asked .query | sort -u | wc -l | tr -d ' ') $(asked .query | wc -l |
    tr -d ' ')" '20 20' 'no page too many, none twice'
mocked gc-fetch -j 8 --max-pages 3 '/t?pageSize=2'
exits 7 'with --max-pages'
is "$(asked .query | wc -l | tr -d ' ')" 3 'none is asked for in vain'
mocked gc-fetch -j 8 --max-records 5 '/t?pageSize=2'
is "$code $(ids)" '7 1 2 3 4 5 ' 'with --max-records'
mocked sh -c 'cd "$0" && gc-fetch -q -j 8 --state s -o f --max-pages 7 \
    "/t?pageSize=2"; gc-fetch -q -j 8 --state s -o f "/t?pageSize=2"' "$T"
same "$T/f" "$T/want" 'with --state'
sed 's/"query":"\*pageNumber=11\*"},"do":{"status":200/"query":"*pageNumber=11*"},"do":{"status":400/' \
    "$T/rules" >"$T/more"
rules <"$T/more"
mocked gc-fetch -j 8 '/t?pageSize=2'
exits 4 'a page in the middle fails'
head -20 "$T/want" >"$T/half"
same "$T/out" "$T/half" 'what came before it is written'

# ---- nothing there ----
{
	answers /none '' '{"totalHits":0}'
	answers /empty '' '{"entities":[],"total":0,"pageCount":0}'
	answers /array '' '[{"id":1},{"id":2}]'
	answers /one '' '{"id":1,"list":[1,2]}'
	answers /two '' '{"a":[1],"b":[2],"pageCount":2,"total":9}'
} | rules
mocked gc-fetch /none
exits 0 'no hits'
is "$(out)" '' 'no record'
mocked gc-fetch /empty
is "$code$(out)" 0 'an empty list'
mocked gc-fetch /array
is "$(ids)" '1 2 ' 'a bare array'
mocked gc-fetch /one
is "$(out)" '{"id":1,"list":[1,2]}' 'an object that is no list is one record'
mocked gc-fetch /array /empty /one
is "$(wc -l <"$T/out" | tr -d ' ')" 3 'several paths, one after the other'

# ---- what came is held against what was promised ----
{
	answers /short '' '{"entities":[{"id":1},{"id":2}],"total":5,
	    "pageNumber":1,"pageCount":1}'
	answers /moved '*pageNumber=2*' '{"entities":[{"id":2},{"id":3}],
	    "pageNumber":2,"pageCount":2,"total":4}'
	answers /moved '' '{"entities":[{"id":1},{"id":2}],
	    "pageNumber":1,"pageCount":2,"total":4}'
	answers /circle '*page=2*' '{"entities":[{"id":2}],"nextUri":"/circle"}'
	answers /circle '' '{"entities":[{"id":1}],"nextUri":"/circle?page=2"}'
	answers /same '' '{"entities":[{"id":1}],"pageNumber":1,"pageCount":9,
	    "total":9}'
} | rules
mocked gc-fetch /short
exits 7 'fewer records than the total: exit 7'
like "$(err)" '*only 2 of 5 records*' 'and how many'
mocked gc-fetch /moved
exits 7 'records that moved between pages: exit 7'
like "$(err)" '*twice*' 'says so'
mocked gc-fetch /circle
exits 4 'a loop of pages is an error'
is "$(asked .path | wc -l | tr -d ' ')" 2 'found without a third request'
mocked gc-fetch /same
exits 4 'a page that comes again is an error'
for twist in repeat shift skip; do
	echo '{"match":{"path":"/api/v2/mock/lists/cursor","nth":2},"do":{"list":"'$twist'"}}' |
	    rules
	mocked gc-fetch /api/v2/mock/lists/cursor
	exits 7 "a list of no total, $twist: what comes on two pages tells"
	like "$(err)" '*twice, on one page and the next*' 'in words'
done
{
	answers /g 'cursor=2' '{"results":[{"id":"a"},{"id":"b"},{"id":"b"}]}'
	answers /g '' '{"results":[{"id":"a"},{"id":"a"}],"cursor":2}'
} | rules
mocked gc-fetch /g
exits 0 'what is called id and is none, in a list of no total'
{
	answers /u 'cursor=2' '{"results":[{"userId":"b","n":2},{"userId":"c"}]}'
	answers /u '' '{"results":[{"userId":"a"},{"userId":"b","n":1}],"cursor":2}'
} | rules
mocked gc-fetch /u
exits 0 'one user with a record on each of two pages, no total'

# ---- bytes ----
rules <<'END'
{"match":{"path":"/b"},"do":{"status":200,"headers":{"Content-Type":"application/json"},"body":"{ \"entities\" : [ {\"id\": 9007199254740993 ,\n \"x\":1.0, \"e\":\"\\u00e9\"\r\n},\n{\"id\":2}\n] }"}}
{"match":{"path":"/html"},"do":{"status":200,"headers":{"Content-Type":"text/html"},"body":"<html>"}}
{"match":{"path":"/lines"},"do":{"status":200,"headers":{"Content-Type":"application/x-ndjson"},"body":"{\"id\":1}\n\n{\"id\":2}"}}
END
mocked gc-fetch /b
# shellcheck disable=SC2028 # the backslash is meant
printf '%s\n' '{"id": 9007199254740993 , "x":1.0, "e":"\u00e9"}' '{"id":2}' \
    >"$T/want"
same "$T/out" "$T/want" 'records keep their bytes but line ends'
mocked gc-fetch --max-record 20 --reject "$T/rej" /b
is "$code $(out) $(jq -r .rule "$T/rej")" '0 {"id":2} too-long' '--max-record'
mocked gc-fetch --max-record 20 /b
exits 3 'a record that is too long, and no --reject'
mocked gc-fetch /html
exits 4 'an answer that is no JSON'
mocked gc-fetch --raw /html
is "$(out)" '<html>' '--raw'
mocked gc-fetch /lines
is "$(ids)" '1 2 ' 'an NDJSON answer'

done_testing
