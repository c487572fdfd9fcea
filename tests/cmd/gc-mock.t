#!/bin/sh
# gc-mock: tokens, the bot's calls, faults, journal, exec.
# shellcheck disable=SC2016 # commands for another shell
. tests/lib.sh

GC_NOW=2026-03-01T12:00:00Z
export GC_NOW

# mock OPTIONS...: starts one in the background; $U is where it listens.
mock() {
	: >"$T/port"
	gc-mock "$@" >"$T/port" 2>"$T/mock.err" &
	mock_pid=$!
	tries=0
	while [ ! -s "$T/port" ] && [ "$tries" -lt 100 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	U=http://127.0.0.1:$(cat "$T/port")
}

unmock() {
	kill -TERM "$mock_pid"
	code=0
	wait "$mock_pid" || code=$?
}

ID=7f1c2a34-9b0e-4c58-a6d1-3e5f70829b4d
SECRET=gc-mock-secret-Zm9yIHRlc3RzIG9ubHk
BOT=2b8e61c4-53d7-4f09-8a1e-c94d07f2a6b3

# token [SCOPES]: a new one, into $A as curl's header file.
token() {
	curl -s "$U/oauth/token" -d grant_type=client_credentials \
	    -d client_id="$ID" -d client_secret="$SECRET" ${1:+-d scope="$1"} |
	    jq -r .access_token >"$T/token"
	printf 'Authorization: Bearer %s\n' "$(cat "$T/token")" >"$T/auth"
	A=@$T/auth
}

# ask METHOD PATH [CURL ARGS...]: body to $T/out, headers to $T/head (no CR),
# the status in $status, curl's own exit in $code.
ask() {
	method=$1
	path=$2
	shift 2
	code=0
	: >"$T/out"
	status=$(curl -s -X "$method" -o "$T/out" -D "$T/head.cr" \
	    -w '%{http_code}' -H "$A" "$@" "$U$path") || code=$?
	tr -d '\r' <"$T/head.cr" >"$T/head"
}

# post PATH JSON [CURL ARGS...]
post() {
	path=$1
	printf '%s' "$2" >"$T/body"
	shift 2
	ask POST "$path" -H 'Content-Type: application/json' \
	    --data-binary @"$T/body" "$@"
}

header() {
	sed -n "s/^$1: //Ip" "$T/head"
}

j() {
	jq -r "$@" "$T/out"
}

# ---- the program ----

run gc-mock --port x
exits 2 'a port is a number'
run gc-mock serve
exits 2 'no operand but exec'
run gc-mock exec
exits 2 'exec needs a command'
run gc-mock --faults "$T/none"
exits 2 'a fault script that is not there'
mock --port 0
like "$(cat "$T/port")" '[1-9]*[0-9]' 'the port on stdout'
is "$(curl -s -o "$T/out" -w '%{http_code}' "$U/api/v2/tokens/me")" 401 \
	'listens'
unmock
is "$code" 0 'SIGTERM is a clean end'
code=0
gc-mock --port 0 2>"$T/err" >/dev/full || code=$?
exits 6 'a full disk where the port is to go'
mock
p=$(cat "$T/port")
run gc-mock --port "$p"
exits 6 'a port that is taken'
unmock

# ---- tokens ----

mock
A='X-Nothing: 1'
ask POST /oauth/token -u "$ID:$SECRET" -d grant_type=client_credentials
is "$status $(j '[.token_type,.expires_in,has("scope")]|@csv')" \
	'200 "bearer",86399,false' 'HTTP Basic gives a platform token'
ask POST /api/v2/oauth/token -d grant_type=client_credentials \
    -d client_id="$ID" -d client_secret="$SECRET" -d scope='bot:read'
is "$status $(j .scope)" '200 bot:read' 'the form gives one with scopes'
ask POST /oauth/token -u "$ID:$SECRET" -H 'Transfer-Encoding: chunked' \
    -d grant_type=client_credentials
is "$status" 200 'a chunked form'
ask POST /oauth/token -u "$ID:wrong" -d grant_type=client_credentials
is "$status $(j .error)" '401 invalid_client' 'a wrong secret'
ask POST /oauth/token -u "x:$SECRET" -d grant_type=client_credentials
is "$status $(j '[.error,.description==.error_description]|@csv')" \
	'400 "invalid_client",true' 'an unknown client'
ask POST /oauth/token -u "$ID:$SECRET" -d grant_type=password
is "$status $(j .error)" '400 unsupported_grant_type' 'another grant'
ask POST /oauth/token -u "$ID:$SECRET" -d grant_type=client_credentials \
    -d scope='bot:fly'
is "$status $(j .error)" '400 invalid_scope' 'an unknown scope'
ask POST /oauth/token -u "$ID:$SECRET" -d grant_type=client_credentials \
    -d client_secret="$SECRET"
is "$status $(j .error)" '400 invalid_request' 'both ways at once'
ask POST /oauth/token -u "$ID:$SECRET" -H 'Content-Type: text/plain' \
    -d grant_type=client_credentials
is "$status $(j .error)" '400 invalid_request' 'a form that is none'

ask GET /api/v2/tokens/me
is "$status $(j .code)" '401 authentication.required' 'no token'
ask GET /api/v2/tokens/me -H 'Authorization: Bearer made-up'
is "$status $(j .code)" '401 bad.credentials' 'a token made up'
is "$(j .contextId)" "$(header ININ-Correlation-Id)" \
	'contextId is the correlation id'
token
ask GET /api/v2/tokens/me
is "$status $(j .OAuthClient.id)" "200 $ID" 'a token that is good'
like "$(header inin-ratelimit-allowed) $(header inin-ratelimit-count)" \
	'1000000 1' 'rate headers'
ask HEAD /api/v2/tokens/me -I
is "$status" 200 'HEAD'
ask DELETE /api/v2/tokens/me
is "$status" 204 'a token is deleted'
ask GET /api/v2/tokens/me
is "$status $(j .code)" '401 credentials.expired' 'and no good any more'
token bot:read
ask GET "/api/v2/bots/$BOT"
is "$status" 200 'a scope that is there'
post "/api/v2/bots/$BOT/model" '{"action":"train"}'
is "$status" 403 'a scope that is missing'
is "$(j '.messageParams.scope, (.message|test("bot:model:write"))')" \
	"bot:model:write
true" 'the 403 names it'
ask GET /api/v2/nowhere
is "$status $(j .code)" '404 not.found' 'no such path'
ask PATCH "/api/v2/bots/$BOT"
is "$status $(header Allow)" '405 GET' 'no such method'
unmock

mock --token-life 1 --rate-limit 3
token
ask GET /api/v2/tokens/me
ask GET /api/v2/tokens/me
ask GET /api/v2/tokens/me
is "$status $(header inin-ratelimit-count)" '200 3' 'up to the limit'
ask GET /api/v2/tokens/me
is "$status $(j .code)" '429 too.many.requests.retry.after' 'over the limit'
r=$(header Retry-After)
ok "$([ "$r" -ge 55 ] && [ "$r" -le 60 ]; echo $?)" 'Retry-After in seconds'
is "$(j .message)" "Rate limit exceeded the maximum. Retry the request in [$r] seconds" \
	'and in the message'
sleep 1.1
ask GET /api/v2/tokens/me
is "$status" 401 'a token ends by itself'
unmock

# ---- the bot ----

E=/api/v2/bots/$BOT/model/evaluate
Q=/api/v2/analytics/conversations/details/query
mock --records 500
token 'bot:read bot:model:read bot:model:write analytics:read'
post "$E" '{"evaluationType":"default"}'
is "$status" 202 'an evaluation begins'
id=$(j .id)
ask GET "$E/results/$id"
is "$status $(j .code)" '404 not.found' 'it is not there at first'
ask GET "$E/results/$id"
is "$status $(j '[.status,has("metrics")]|@csv')" '200 "running",false' \
	'then it is running'
ask GET "$E/results/$id"
is "$status $(j .status)" '200 completed' 'then it is completed'
j -c .metrics >"$T/metrics"
ask GET "$E/results/nonsense"
is "$status" 404 'another was never begun'
post "/api/v2/bots/other/model/evaluate" '{"evaluationType":"default"}'
is "$status" 404 'another bot'
post "$E" '{}'
is "$status" 400 'no evaluationType'
post "$E" '{"evaluationType":'
is "$status" 400 'a body that is no JSON'
ask POST "$E" -d '{"evaluationType":"default"}'
is "$status" 415 'a body that does not say it is JSON'
post "/api/v2/bots/$BOT/model" '{"action":"train"}'
is "$status $(j '.id|length')" '202 36' 'training'

body='{"timeRange":"last30Days","view":"botInteractions","filter":[{"dimension":"botId","values":["'$BOT'"]}],"groupBy":["botInteraction.intent"],"export":true}'
cat >"$T/split.py" <<'EOT'
import sys, json, email.parser, email.policy
head = open(sys.argv[1], "rb").read().split(b"\r\n\r\n")[0].split(b"\r\n")
kind = [h for h in head if h.lower().startswith(b"content-type:")][0]
body = open(sys.argv[2], "rb").read()
m = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
    kind + b"\r\n\r\n" + body)
assert not m.defects, m.defects
for p in m.iter_parts():
    t = p.get_content_type()
    text = p.get_payload(decode=True)
    if t == "application/json":
        v = json.loads(text)
        for r in v if isinstance(v, list) else [v]:
            print(json.dumps(r))
    elif t == "application/x-ndjson":
        for line in text.splitlines():
            print(json.dumps(json.loads(line)))
    else:
        print("other", t, len(text), file=sys.stderr)
EOT
split() {
	python3 "$T/split.py" "$T/head.cr" "$T/out"
}
post "$Q" "$body"
like "$status $(header Content-Type)" '200 multipart/mixed; boundary="*"' \
	'the export is multipart/mixed'
split >"$T/one"
is "$(wc -l <"$T/one")" 500 'a part an utterance'
is "$(head -1 "$T/one" | jq -c keys_unsorted)" \
	'["actual_intent","predicted_intent","confidence"]' 'its members'
jq -s '. as $r | ($r|map(.actual_intent,.predicted_intent)|unique) as $l |
	[$l[] as $x |
	  ($r|map(select(.actual_intent==$x))|length) as $s |
	  ($r|map(select(.predicted_intent==$x))|length) as $p |
	  ($r|map(select(.actual_intent==$x and .predicted_intent==$x))|length)
	  as $h | {p:(if $p>0 then $h/$p else 0 end),
	    r:(if $s>0 then $h/$s else 0 end), f:(2*$h/($s+$p)), h:$h}] |
	{accuracy:(map(.h)|add/($r|length)),
	 precision:(map(.p)|add/($l|length)),
	 recall:(map(.r)|add/($l|length)), f1:(map(.f)|add/($l|length))}' \
	<"$T/one" >"$T/want"
is "$(jq -n --slurpfile a "$T/metrics" --slurpfile b "$T/want" \
	'[$a[0].accuracy-$b[0].accuracy,$a[0].precision-$b[0].precision,
	$a[0].recall-$b[0].recall,$a[0].f1Score-$b[0].f1]|
	map(fabs)|max < 1e-12')" true 'the evaluation is that of the export'
for parts in array ndjson mixed; do
	post "$Q" "$(printf '%s' "$body" | jq -c --arg p "$parts" \
	    '.parts=$p')"
	split >"$T/more" 2>"$T/others"
	same "$T/more" "$T/one" "the same as parts of $parts"
done
like "$(head -1 "$T/others")" 'other text/plain *' 'parts that are no JSON'
post "$Q" "$(printf '%s' "$body" | jq -c '.include=["utterance","id"]')"
split >"$T/more"
is "$(jq -s 'map(.utterance|length)|min>5' "$T/more") $(jq -r .id "$T/more" |
	sort -u | wc -l)" 'true 500' 'with text and id'
is "$(jq -r .timestamp "$T/more" | sort -c && sed -n '1p;$p' "$T/more" |
	jq -r '.timestamp[:7]' | tr '\n' ' ')" '2026-01 2026-02 ' \
	'in the order of time, over 30 days'
post "$Q" "$(printf '%s' "$body" | sed "s/$BOT/other/")"
is "$status $(tr -d '\r' <"$T/out")" \
	"200 --$(header Content-Type | sed 's/.*="\(.*\)"/\1/')--" \
	'of another bot there are none'
post "$Q" "$(printf '%s' "$body" | sed s/last30Days/sometimes/)"
is "$status $(j .code)" '400 invalid.value' 'a range that is none'
post "$Q" "$(printf '%s' "$body" | jq -c \
	'.timeRange={start:"2026-02-01",end:"2026-02-16"}')"
split >"$T/more"
n=$(wc -l <"$T/more")
ok "$([ "$n" -ge 245 ] && [ "$n" -le 255 ]; echo $?)" 'half a month: half'
unmock

export_with() {
	mock --records 500 "$@"
	token
	post "$Q" "$body"
	split
	unmock
}
export_with >"$T/again"
same "$T/again" "$T/one" 'the same seed, the same utterances'
export_with --seed 2 >"$T/other"
ok "$(cmp -s "$T/other" "$T/one"; [ $? = 1 ]; echo $?)" 'another seed, others'
accuracy() {
	jq -s 'map(select(.actual_intent==.predicted_intent))|length' "$1"
}
export_with --records 2000 >"$T/calm"
export_with --records 2000 --drift >"$T/drift"
ok "$([ "$(accuracy "$T/calm")" -gt 1760 ] &&
	[ "$(accuracy "$T/drift")" -lt 1700 ]; echo $?)" 'drift costs accuracy'
body_before=$(printf '%s' "$body" | sed s/last30/previous30/)
body_now=$body
body=$body_before
export_with --records 2000 >"$T/calm"
export_with --records 2000 --drift >"$T/drift"
same "$T/drift" "$T/calm" 'and leaves the days before as they were'
body=$body_now

# ---- lists, in every style of paging ----

# walk STYLE SIZE: all pages of /api/v2/mock/lists/STYLE; the numbers of the
# things to $T/all, how many requests that took in $pages.
walk() {
	style=$1
	L=/api/v2/mock/lists/$style
	pages=0
	at=
	next=start
	: >"$T/all"
	while [ -n "$next" ] && [ "$pages" -lt 12 ]; do
		pages=$((pages + 1))
		fetch_page "$2"
		j '(.entities//.results//.Resources//.byGroup//.conversations//
			[])[].n' >>"$T/all"
		find_next "$2"
	done
}

# One page: the first, or the one that $next names.
fetch_page() {
	case $style in
	page-body)
		post "$L" "{\"paging\":{\"pageSize\":$1,\"pageNumber\":$pages}}"
		;;
	search)
		post "$L" "{\"pageSize\":$1,\"pageNumber\":$pages}"
		;;
	offset)
		post "$L" "{\"size\":$1,\"offset\":$(((pages - 1) * $1))}"
		;;
	after-body)
		post "$L" "{\"pageSize\":$1${at:+,\"after\":\"$at\"}}"
		;;
	nextpageuri)
		if [ "$pages" = 1 ]; then
			post "$L" "{\"size\":$1}"
		else
			ask GET "${next#"$U"}"
		fi
		;;
	scim)
		ask GET "$L?count=$1&startIndex=$((1 + (pages - 1) * $1))"
		;;
	cursor)
		ask GET "$L?pageSize=$1${at:+&cursor=$(enc "$at")}"
		;;
	cursors)
		ask GET "$L?limit=$1${at:+&cursor=$(enc "$at")}"
		;;
	*)
		if [ "$pages" = 1 ]; then
			ask GET "$L?pageSize=$1&limit=$1"
		else
			ask GET "$next"
		fi
		;;
	esac
}

enc() {
	jq -rn --arg s "$1" '$s|@uri'
}

# $next: what leads on; empty at the end.
find_next() {
	case $style in
	page | after | nextpage | nexturi)
		next=$(j '.nextUri//""')
		;;
	nextpageuri | cursor-in-uri)
		next=$(j '.nextPageUri//""')
		;;
	search)
		next=$(j '.nextPage//""')
		;;
	page-body)
		next=$(j "select(.totalHits>$pages*$1)|1")
		;;
	offset)
		next=$(j 'select(.totalCount>.offset+.pageSize)|1')
		;;
	scim)
		next=$(j 'select(.totalResults>=.startIndex+.itemsPerPage)|1')
		;;
	after-body)
		next=$(j '.after//""')
		at=$next
		;;
	cursor)
		next=$(j '.cursor//""')
		at=$next
		;;
	cursors)
		next=$(j '.cursors.after//""')
		at=$next
		;;
	*)
		next=
		;;
	esac
}

styles='page page-body search after after-body cursor cursors nextpage
	nexturi scim offset nextpageuri cursor-in-uri'
for n in 23 20 0; do
	mock --records "$n"
	token
	want=$(((n + 9) / 10))
	[ "$n" = 0 ] && want=1
	for style in $styles; do
		walk "$style" 10
		is "$pages: $(paste -sd ' ' "$T/all")" \
			"$want: $(seq "$n" | paste -sd ' ' -)" \
			"$style: $n things in $want pages"
	done
	ask GET /api/v2/mock/lists/array
	is "$(j length)" "$n" "array: $n things"
	unmock
done

L=/api/v2/mock/lists
mock --records 23
token
ask GET "$L/page?pageSize=10&pageNumber=2&q=a%20b"
is "$(j '.nextUri,.previousUri,.firstUri,.lastUri,.selfUri' |
	sed 's/.*pageNumber=//' | paste -sd ' ' -) $(j .nextUri)" \
	"3 1 1 3 2 $L/page?pageSize=10&q=a%20b&pageNumber=3" \
	'relative URIs keep the query'
ask GET "$L/page?pageSize=1001"
is "$status $(j .code)" '400 invalid.value' 'a page too big'
ask GET "$L/page?pageNumber=0"
is "$status" 400 'no page 0'
ask GET "$L/page?pageSize=10&pageNumber=4"
is "$status $(j '[(.entities|length),has("nextUri")]|@csv')" \
	'200 0,false' 'behind the end there is nothing'
post "$L/page-body" '{"paging":{"pageSize":10,"pageNumber":4}}'
is "$status $(j 'keys_unsorted|@csv')" '200 "totalHits"' \
	'and where the page is in the body, not even a list'
ask GET "$L/cursor?pageSize=10"
c=$(j .cursor)
like "$c" '*=' 'a cursor that needs escapes'
ask GET "$L/cursor?pageSize=10&cursor=$(enc "$c")x"
is "$status $(j .code)" '400 invalid.cursor' 'a cursor that was changed'
ask GET "$L/after?pageSize=10&after=$(enc "$c")"
is "$status" 400 'a cursor of another list'
ask GET "$L/page?interval=2026-02-01/2026-02-16"
n=$(j .total)
ok "$([ "$n" -ge 11 ] && [ "$n" -le 13 ]; echo $?)" 'half the time, half'
ask GET "$L/cursor?pageSize=5&interval=2026-02-01/2026-02-16"
c=$(j .cursor)
ask GET "$L/cursor?pageSize=5&cursor=$(enc "$c")"
is "$status" 400 'a cursor shown without its filter'
post "$L/nextpageuri" '{"size":10}'
like "$(j .nextPageUri)" "$U/api/v2/*" 'an absolute URI'
ask GET "$L/cursor-in-uri?limit=10&type=x"
like "$(j .nextPageUri)" '/api/v2/*\?cursor=*%3D&limit=10&type=x' \
	'a cursor in the middle of a URI'
ask GET "$L/nextpageuri"
is "$status" 400 'a continuation without a cursor'
ask GET "/api/v2/users?pageSize=3"
is "$(j '.total, (.entities|length)' | paste -sd ' ' -)" '23 3' 'users'
u=$(j '.entities[2].id')
j -c '.entities[2]' >"$T/want"
ask GET "/api/v2/users/$u"
j -c . >"$T/got"
same "$T/got" "$T/want" 'one of them by its id'
ask GET /api/v2/users/00000000-0000-4000-8000-000000000000
is "$status $(j .code)" '404 not.found' 'one that is not there'
for path in routing/queues journey/outcomes flows scim/v2/users \
	speechandtextanalytics/topics speechandtextanalytics/programs \
	externalcontacts/scan/contacts \
	audits/query/1/results conversations/1/recordings \
	speechandtextanalytics/conversations/1 \
	journey/sessions/1/outcomescores; do
	ask GET "/api/v2/$path"
	is "$status $(j 'if type=="array" then . else
		.entities//.Resources//[1] end|length>0')" '200 true' \
		"$path"
done
for path in users/search taskmanagement/workitems/query \
	speechandtextanalytics/transcripts/search; do
	post "/api/v2/$path" '{"pageSize":2}'
	is "$status $(j '(.entities//.results)|length')" '200 2' "$path"
done
for path in surveys transcripts; do
	post "/api/v2/analytics/$path/aggregates/query" \
		'{"interval":"2026-01-30/2026-03-01"}'
	is "$status $(j '.results|length') $(j \
		'.results[0].data[0].metrics[0].stats.count>=0')" '200 23 true' \
		"$path/aggregates"
done
id=$(j '.results[0].group.conversationId')
for path in conversations conversations/messages; do
	ask GET "/api/v2/$path/$id"
	is "$status $(j .id)" "200 $id" "$path"
done
post /api/v2/notifications/channels '{}'
is "$status $(j '.id|length')" '200 36' 'a channel'
unmock

twisted() {
	printf '{"match":{"path":"%s/page","query":"*pageNumber=2*"},%s}\n' \
		"$L" "\"do\":{\"list\":\"$1\"}" >"$T/faults"
	mock --records 23 --faults "$T/faults"
	token
	walk page 10
	walked=$code
	unmock
	got="$pages: $(paste -sd ' ' "$T/all")"
	L=/api/v2/mock/lists
}
twisted repeat
is "$got" "3: $(seq -s ' ' 10) $(seq -s ' ' 10) 21 22 23" 'a page that repeats'
twisted shift
is "$got" "3: $(seq -s ' ' 10) $(seq -s ' ' 10 19) 21 22 23" \
	'a page that shifts: one twice, one lost'
twisted skip
is "$got" "3: $(seq -s ' ' 10) $(seq -s ' ' 12 21) 21 22 23" \
	'a page that skips'
twisted loop
is "${got%%:*}" 12 'a page that leads to itself'
twisted short
is "$got" "2: $(seq -s ' ' 20)" 'a list that ends too early'
is "$(j .total)" 23 'and still claims its total'
twisted foreign
is "${got%%:*} $walked" '3 3' 'a URI of another origin'
printf '{"match":{"path":"*/page"},"do":{"list":"%s"}}\n' total >"$T/faults"
printf '{"match":{"path":"*/after"},"do":{"list":"%s"}}\n' foreign \
	>>"$T/faults"
mock --records 23 --faults "$T/faults"
token
ask GET "$L/page?pageSize=10"
is "$(j .total)" 30 'a total that is more than there is'
ask GET "$L/after?pageSize=10"
like "$(j .nextUri)" "http://localhost:${U##*:}/api/v2/*" 'which is this one'
unmock

# ---- jobs, exports ----

mock --records 60
token
J=/api/v2/analytics/conversations/details/jobs
post "$J" '{"interval":"2026-02-01/2026-02-11"}'
is "$status" 202 'a job begins'
job=$(j .jobId)
ask GET "$J/$job/results"
is "$status" 400 'no results yet'
got=
for _ in 1 2 3 4; do
	ask GET "$J/$job"
	got="$got$(j .state) "
done
is "$got" 'QUEUED PENDING FULFILLED FULFILLED ' 'its states'
ask GET "$J/$job/results?pageSize=12"
c=$(j .cursor)
a=$(j '.conversations|length')
ask GET "$J/$job/results?pageSize=12&cursor=$(enc "$c")"
is "$status $a $(j '[(.conversations|length>0),has("cursor")]|@csv')" \
	'200 12 true,false' 'its results by cursor'
is "$(j '.conversations|map(.conversationStart)|min>="2026-02-01"
	and max<"2026-02-11"')" true 'all of the interval'
ask DELETE "$J/$job"
ask GET "$J/$job"
is "$(j .state)" CANCELLED 'cancelled'
ask GET "$J/availability"
like "$(j .dataAvailabilityDate)" '2026-*' 'availability'
ask GET "$J/none"
is "$status" 404 'a job that never was'

post "$Q" '{"interval":"2026-02-01/2026-02-11","paging":{"pageSize":5,"pageNumber":1}}'
n=$(j .totalHits)
is "$status $(j '.conversations|length') $([ "$n" -gt 17 ] && echo many)" \
	'200 5 many' 'the query of the platform at the same path'
post "$Q" '{"interval":"2026-01-01/2026-02-11"}'
is "$status" 400 'no more than 31 days'
post "$Q" '{"interval":"2026-02-11"}'
is "$status" 400 'an interval that is none'
post "$Q" '{}'
is "$status" 400 'an interval is needed'

X=/api/v2/analytics/reporting/exports
post "$X" '{}'
x=$(j .id)
ask GET "$X/$x"
is "$(j .status)" RUNNING 'an export'
ask GET "$X/$x"
url=$(j .downloadUrl)
is "$(j .status)" COMPLETED 'is completed'
is "$(curl -s "$url" | jq -s length)" 60 'and downloaded without a token'
is "$(curl -s -o /dev/null -w '%{http_code}' -H "$A" "$url")" 400 \
	'with one it is refused'
unmock

# ---- product mentions ----

C=/api/v2/archiving/conversations/query
ask_archive() {
	post "$C" '{"select":["date","id","type","interactions"],"where":"type = '"'$1'"'","timeRange":{"start":"2026-01-30T00:00:00Z","end":"2026-03-01T00:00:00Z"},"size":'"$2"'}'
}
mock --records 25
token 'archiving:read dashboard:write' && token archiving:read
ask_archive voice 20
is "$status $(j '.entities|length')" '200 20' 'archived calls'
is "$(j '.entities[0]|[.type,(.interactions[0].transcript|length>10),
	(.date|test("^2026-"))]|@csv')" '"voice",true,true' 'with transcripts'
curl -s -H "$A" "$(j .nextPageUri)" >"$T/out"
is "$(j '[(.entities|length),.nextPageUri]|@json')" '[5,null]' \
	'the next page by its absolute URI; null at the end'
ask_archive webchat 100
is "$(j '.entities|length') $(j '.entities[0].type')" '25 webchat' 'chats'
ask_archive email 100
is "$status $(j '.entities|length')" '200 0' 'of another type none'
ask GET "/api/v2/interactions?type=webchat"
is "$status $(j .messageParams.scope)" '403 interaction:read' 'by scope'
token
ask GET "/downloads/transcripts/1"
is "$status" 400 'a signed URL takes no token'
post "$Q" '{"interval":"2026-02-01/2026-02-11"}'
id=$(j '.conversations[0].conversationId')
ask GET "/api/v2/speechandtextanalytics/conversations/$id/communications/x/transcripturl"
curl -s "$(j .url)" >"$T/out"
is "$(j '[.conversationId,(.transcripts[0].phrases|length>2)]|@csv')" \
	"\"$id\",true" 'a transcript by its signed URL'
A='Authorization: Bearer gc-mock-dashboard-token'
post /dashboard/widgets '{"title":"t","type":"line_chart","data":[]}'
is "$status $(j .status)" '201 accepted' 'the dashboard'
post /dashboard/widgets '{"title":"t"}'
is "$status" 400 'needs its fields'
A='Authorization: Bearer other'
post /dashboard/widgets '{"title":"t","type":"line_chart","data":[]}'
is "$status" 401 'and its own token'
unmock

# ---- scores ----

contact() {
	printf '{"contactId":"%s","features":{"previous_calls":%s,"avg_handle_time":180.0,"last_contact_days":30,"segment_id":"default"}}' "$1" "$2"
}
S=/api/v2/predictiveengagement/models/9d47f3e0-1c6a-4b82-b5f7-08e2a1c3d954/score
batch() {
	printf '{"contacts":['
	seq -f 'c%g' "$1" | while read -r c; do
		[ "$c" = c1 ] || printf ,
		contact "$c" 3
	done
	printf '],"modelVersion":null}'
}
mock
token predictiveengagement:score
post "$S" "$(batch 1000)"
is "$status $(j '[(.results|length),(.results|map(.contactId)|unique|length),
	(.results|all(.score>=0 and .score<=1 and
	.confidenceInterval.lower<=.score and
	.score<=.confidenceInterval.upper))]|@csv')" \
	'200 1000,1000,true' 'a thousand scores'
is "$(j '.results|map(.confidenceInterval|.upper-.lower|.<0.15)|
	map(select(.))|length|.>30 and .<200')" true 'some intervals are narrow'
cp "$T/out" "$T/first"
post "$S" "$(batch 1000)"
same "$T/out" "$T/first" 'the same again'
post "$S" "$(batch 1001)"
is "$status" 400 'no more than a thousand'
post "$S" '{"contacts":[]}'
is "$status" 400 'nor none'
post "$S" "{\"contacts\":[$(contact a 1),$(contact b '"1"')]}"
is "$status $(j '.message|test("previous_calls")')" '400 true' 'a wrong type'
post "$S" '{"contacts":[{"contactId":"a","features":{"previous_calls":1}}]}'
is "$status $(j '.message|test("dimension mismatch")')" '400 true' \
	'features missing'
post /api/v2/predictiveengagement/models/x/score "$(batch 1)"
is "$status" 404 'another model'
unmock
for t in reverse double drop strange; do
	printf '{"do":{"list":"%s"}}\n' "$t" >"$T/faults"
	mock --faults "$T/faults"
	token
	post "$S" "$(batch 3)"
	printf '%s: %s\n' "$t" "$(j '.results|map(.contactId)|@csv')"
	unmock
done >"$T/got"
cat >"$T/want" <<'EOT'
reverse: "c3","c2","c1"
double: "c1","c2","c3","c3"
drop: "c1","c2"
strange: "c1","c2","nobody-asked-for-me"
EOT
same "$T/got" "$T/want" 'answers out of order, double, missing, strange'

# ---- attributes ----

mock --records 30
token 'interaction:read interaction:write'
ask GET '/api/v2/interactions?type=webchat&status=completed&limit=30'
is "$(j '[(.entities|length),.nextPageUri,(.entities[0].messages[0]|
	has("text"))]|@json')" '[30,null,true]' 'completed webchats'
j '.entities[].id' >"$T/ids"
none=
some=
while read -r id; do
	ask GET "/api/v2/interactions/$id/customAttributes"
	if [ "$status" = 404 ]; then none=$id; else some=$id; fi
done <"$T/ids"
ask GET '/api/v2/interactions?type=webchat&status=open'
is "$(j '.entities|length')" 0 'none is open'
ask GET /api/v2/interactions/unknown/customAttributes
is "$status" 404 'an interaction that is not there'
P=/api/v2/interactions/$none/customAttributes
ask GET "$P"
is "$status $(j .code)" '404 not.found' 'no attributes yet'
patch() {
	path=$1
	printf '%s' "$2" >"$T/body"
	shift 2
	ask PATCH "$path" -H 'Content-Type: application/json' \
	    --data-binary @"$T/body" "$@"
}
patch "$P" '{"customAttributes":{"a":1,"b":["x"]}}'
is "$status $(header ETag) $(j -c .customAttributes)" \
	'200 "1" {"a":1,"b":["x"]}' 'written'
patch "$P" '{"customAttributes":{"b":[],"c":"é"}}' -H 'If-Match: "1"'
is "$status $(header ETag) $(j -c .customAttributes)" \
	'200 "2" {"a":1,"b":[],"c":"é"}' 'merged by key'
patch "$P" '{"customAttributes":{"a":2}}' -H 'If-Match: "1"'
is "$status $(j .code)" '412 precondition.failed' 'If-Match of before: 412'
patch "$P" '{"version":1,"customAttributes":{"a":2}}'
is "$status $(j .code)" '409 general.conflict' 'a version of before: 409'
ask GET "$P"
is "$(j -c '[.version,.customAttributes]')" '[2,{"a":1,"b":[],"c":"é"}]' \
	'neither had an effect'
patch "$P" '{"attributes":{}}'
is "$status" 400 'the member is needed'
patch "$P" "$(jq -nc '{customAttributes:([range(49)|{"k\(.)":.}]|add)}')"
is "$status" 400 'too many attributes'
patch "$P" "$(jq -nc '{customAttributes:{a:("x"*2000)}}')"
is "$status" 400 'a value too long'
ask GET "/api/v2/interactions/$some/customAttributes"
is "$status $(header ETag) $(j '.customAttributes|length>0')" \
	'200 "1" true' 'some have attributes from the start'
token
post "$Q" '{"interval":"2026-02-01/2026-02-11"}'
id=$(j '.conversations[0].conversationId')
who=$(j '.conversations[0].participants[0].participantId')
P=/api/v2/conversations/$id/customattributes
ask GET "$P"
is "$status $(j -c .)" '200 {"results":[]}' 'the platform lists them'
patch "$P" '{"version":0,"customAttributes":{"a":1}}'
ask PUT "$P" -H 'Content-Type: application/json' \
    -d '{"version":1,"customAttributes":{"b":2}}'
ask GET "$P"
is "$(j -c '.results|map([.version,.customAttributes])')" '[[2,{"b":2}]]' \
	'PUT replaces them'
P=/api/v2/conversations/$id/participants/$who/attributes
patch "$P" '{"attributes":{"a":"1"}}'
is "$status" 204 'attributes of a participant'
patch "$P" '{"attributes":{"a":["1"]}}'
is "$status" 400 'are strings'
unmock
P=/api/v2/interactions/$none/customAttributes
printf '{"match":{"method":"PATCH","nth":[2,3]},"do":{"conflict":true}}\n' \
	>"$T/faults"
mock --records 30 --faults "$T/faults"
token
patch "$P" '{"customAttributes":{"a":1}}'
patch "$P" '{"customAttributes":{"a":2}}' -H 'If-Match: "1"'
got=$status
patch "$P" '{"version":2,"customAttributes":{"a":2}}'
got="$got $status"
ask GET "$P"
is "$got $(j -c '[.version,.customAttributes]')" \
	'412 409 [3,{"a":1,"touched_by":"another writer"}]' \
	'another writer comes first'
unmock

# ---- speech ----

V=/api/v2/analytics/conversations/summary/query
summary() {
	jq -nc --argjson f "$1" --argjson o "$2" '{dateFrom:"2026-01-01T00:00:00Z",
	dateTo:"2026-03-01T00:00:00Z",interval:"PT1H",conversationType:"speech",
	filterGroups:[{filters:$f}],metrics:["speechAnalytics","sentiment"],
	groupings:["interactionId","agentId"],size:100,offset:$o,
	speechAnalyticsModelId:"9d47f3e0-1c6a-4b82-b5f7-08e2a1c3d954"}'
}
mock --records 250
token 'analytics:query speechanalytics:read webhooks:readwrite reports:read'
ask GET /api/v2/speechanalytics/v1/models/9d47f3e0-1c6a-4b82-b5f7-08e2a1c3d954
is "$(j '[.status,has("lastUpdated")]|@csv')" '"deployed",true' 'a model'
ask GET /api/v2/speechanalytics/v1/models/other
is "$status" 404 'no other'
for o in 0 100 200; do
	post "$V" "$(summary '[]' $o)"
	j '.byGroup[].groupId'
done >"$T/groups"
is "$(wc -l <"$T/groups") $(sort -u "$T/groups" | wc -l) $(j -c \
	'[.totalCount,.pageSize,.offset]')" '250 250 [250,100,200]' \
	'insights by offset'
is "$(j '.byGroup|map(.byMetric.sentiment==null)|unique|length')" 2 \
	'now and then without sentiment'
post "$V" "$(summary '[{"field":"sentiment.score","op":"gte","values":[0.5]}]' 0)"
is "$(j '[(.byGroup|all(.byMetric.sentiment.avg>=0.5)),
	(.totalCount>10 and .totalCount<120)]|@csv')" true,true \
	'filtered by sentiment'
post "$V" "$(summary '[{"field":"id","op":"in","values":'"$(head -3 \
	"$T/groups" | jq -Rnc '[inputs]+["unknown"]')"'}]' 0)"
is "$(j '.byGroup[].groupId' | paste -sd ' ' -)" \
	"$(head -3 "$T/groups" | paste -sd ' ' -)" 'filtered by id'
post "$V" "$(summary '[]' 0 | jq -c '.dateFrom="2023-01-01"')"
is "$status" 400 'no more than 730 days'
post "$V" "$(summary '[]' 0 | jq -c 'del(.metrics)')"
is "$status" 400 'metrics are needed'
post "$V" "$(summary '[]' 0 | jq -c '.size=101')"
is "$status" 400 'no page above 100'
post /api/v2/analytics/surveys/summary/query "$(summary '[]' 0 |
	jq -c '.metrics=["csat"]|.groupings=["interactionId"]')"
is "$(j '[(.totalCount>100 and .totalCount<230),(.byGroup|
	map(.byMetric.csat.avg)|unique|(.[0]==null) and (.[1:]|all(.>=1 and
	.<=5)))]|@csv')" true,true 'surveys: not of all, some without a mark'
j '.byGroup[].groupId' | sort >"$T/surveyed"
sort "$T/groups" | comm -13 - "$T/surveyed" >"$T/strangers"
is "$(wc -l <"$T/strangers")" 0 'of the same conversations'
W=/api/v2/webhooks
post "$W" '{"name":"n","description":"d","url":"http://127.0.0.1:1/","type":"rest","enabled":true,"events":["a"],"headers":{"X":"y"},"filter":{"field":"f","op":"eq","value":"v"}}'
w=$(j .id)
is "$status $(j -c '[.name,.enabled,.events,.headers]')" \
	'201 ["n",true,["a"],{"X":"y"}]' 'a webhook'
ask GET "$W"
is "$(j -c '[.total,.entities[0].id]')" "[1,\"$w\"]" 'is listed'
ask PUT "$W/$w" -H 'Content-Type: application/json' -d '{"name":"m","id":"x"}'
ask GET "$W/$w"
is "$(j -c .)" "{\"name\":\"m\",\"id\":\"$w\"}" 'replaced'
ask DELETE "$W/$w"
ask GET "$W/$w"
is "$status" 404 'and deleted'
post "$W" '{"name":"n"}'
is "$status" 400 'a webhook without a URL'
A='X-Nothing: 1'
post /coaching/events '{"a":1}'
is "$status" 202 'the coaching platform'
A='Authorization: Bearer gc-mock-campaign-token'
post /campaign/contacts '[{"contactId":"a"}]'
is "$status" 202 'the campaign manager'
token
post /api/v2/processautomation/triggers '{"name":"t","topicName":"x","target":{"type":"Workflow","id":"1"},"enabled":true}'
is "$status $(j -c .target)" '201 {"type":"Workflow","id":"1"}' 'triggers'
unmock

# ---- the platform's own bots ----

N=/api/v2/languageunderstanding/domains
mock --records 500
token
ask GET "$N"
is "$(j '.entities[0].id')" "$BOT" 'domains'
ask GET "$N/$BOT/versions"
ver=$(j '.entities[0].id')
ask GET "$N/$BOT/versions/$ver"
is "$(j '[.trainingStatus,.evaluationStatus]|@csv')" \
	'"Trained","Evaluated"' 'a version'
post "$N/$BOT/versions/$ver/train" '{}'
is "$status $(j .version.trainingStatus)" '202 Training' 'trained anew'
got=
for _ in 1 2 3 4; do
	ask GET "$N/$BOT/versions/$ver"
	got="$got$(j '.trainingStatus+"/"+.evaluationStatus') "
done
is "$got" 'Training/Unevaluated Trained/Evaluating Trained/Evaluated Trained/Evaluated ' \
	'step by step'
post "$N/$BOT/versions/$ver/publish" '{}'
is "$status" 200 'published'
ask GET "$N/$BOT/versions/$ver/report"
is "$(j '[.confusionMatrix[]|.name as $n|.columns[]|
	select(.name==$n)|.value]|add') $(j \
	'[.confusionMatrix[].columns[].value]|add')" \
	"$(jq -s 'map(select(.actual_intent==.predicted_intent))|length' \
	"$T/one") 500" 'the report is that of the export'
is "$(j '.summary.metrics|map(.name)|@csv')" \
	'"accuracy","precision","recall","f1_score"' 'its summary'
ask GET "/api/v2/analytics/botflows/$BOT/reportingturns?pageSize=250&interval=2026-01-30/2026-03-01"
j '.entities[].intent.name' >"$T/turns"
is "$(head -250 "$T/one" | jq -r .predicted_intent | cmp -s - "$T/turns" &&
	echo same) $(j '.nextUri|test("after=")')" 'same true' \
	'reporting turns: the same utterances'
ask GET "/api/v2/analytics/botflows/$BOT/reportingturns?pageSize=251"
is "$status" 400 'no more than 250 a page'
ask GET "$N/$BOT/feedback?pageSize=200&interval=2026-01-30/2026-03-01"
is "$(j '.entities[]|.intents|map(select(.assessment=="Correct"))[0].name' |
	head -200 | sha256sum)" "$(head -200 "$T/one" | jq -r .actual_intent |
	sha256sum)" 'feedback: what was meant'
post "$N/$BOT/versions/$ver/detect" '{"input":{"text":"I want to talk to a person please"}}'
is "$(j '.output.intents[0].name')" talk_to_agent 'detection'
post /api/v2/analytics/bots/aggregates/query '{"interval":"2026-01-30/2026-03-01"}'
is "$(j '[.results[].data[0].metrics[0].stats.count]|add')" 500 'counts'
unmock

# ---- much ----

mock --records 100000
token
t=$(curl -s -H "$A" -H 'Content-Type: application/json' -d "$body" \
	"$U$Q" | grep -c '^{"actual')
is "$t" 100000 'a hundred thousand parts'
hwm=$(sed -n 's/^VmHWM: *\([0-9]*\) kB/\1/p' "/proc/$mock_pid/status")
case $(ldd bin/gc-mock) in
*asan*)
	skip 1 'memory means nothing under a sanitizer'
	;;
*)
	ok "$([ "${hwm:-0}" -lt 30000 ]; echo $?)" 'in constant memory'
	;;
esac
n=0
while [ "$n" -lt 500 ]; do
	n=$((n + 1))
	printf 'url = "%s/api/v2/tokens/me"\noutput = "/dev/null"\n' "$U"
done >"$T/many"
is "$(curl -s -H "$A" -K "$T/many" -w '%{http_code} %{num_connects}\n' |
	sort | uniq -c | tr -s ' ')" ' 499 200 0
 1 200 1' 'five hundred requests on one connection'
unmock

# ---- faults ----

fault() {
	printf '%s\n' "$@" >"$T/faults"
	mock --faults "$T/faults"
	token
}
for bad in '{"do":' '{"match":{}}' '{"do":{"status":99}}' '[]' \
	'{"match":{"nth":0},"do":{}}' '{"match":{"nth":"5-3"},"do":{}}' \
	'{"match":{"host":"x"},"do":{}}' '{"do":{"delay":1}}' \
	'{"do":{"headers":{"a b":"c"}}}' '{"do":{"headers":{"a":"b\nc"}}}' \
	'{"do":{"list":"upside-down"}}'; do
	printf '{"do":{"status":500}}\n\n%s\n' "$bad" >"$T/faults"
	run gc-mock --faults "$T/faults"
	is "$code $(err | grep -c "faults:3")" '2 1' "a bad rule: $bad"
done

M=/api/v2/tokens/me
: >"$T/faults"
mock --faults "$T/faults"
token
ask GET $M
is "$status" 200 'an empty script'
unmock

fault '{"match":{"path":"/api/v2/tokens","nth":[1,"3-4"]},"do":{"status":503}}' \
	'{"match":{"method":"GET","path":"*/me","nth":"2-"},"do":{"status":418,"body":{"a":[1]}}}'
for want in 503 418 503 503 418; do
	ask GET $M
	is "$status" "$want" 'nth: numbers, ranges, each rule for itself'
done
is "$(j -c .)" '{"a":[1]}' 'a body that is JSON'
unmock

fault '{"match":{"path":"'$M'","nth":1},"do":{"status":429,"retry_after":7}}' \
	'{"match":{"path":"'$M'","nth":2},"do":{"status":429,"retry_after_date":90}}' \
	'{"match":{"path":"'$M'","nth":3},"do":{"status":429}}' \
	'{"match":{"path":"'$M'","nth":4},"do":{"status":503,"headers":{"Retry-After":"soon"}}}' \
	'{"match":{"path":"'$M'","nth":5},"do":{"status":500,"body":"<html>no"}}'
ask GET $M
is "$status $(header Retry-After)" '429 7' 'Retry-After in seconds'
ask GET $M
is "$status $(header Retry-After)" '429 Sun, 01 Mar 2026 12:01:30 GMT' \
	'Retry-After as a date'
ask GET $M
is "$status $(header Retry-After)" '429 ' 'no Retry-After'
ask GET $M
is "$status $(header Retry-After)" '503 soon' 'a header of the rule'
ask GET $M
is "$status $(out)" '500 <html>no' 'a malformed body'
unmock

fault '{"match":{"path":"'$M'","nth":1},"do":{"cut_after":10}}' \
	'{"match":{"path":"'$M'","nth":2},"do":{"content_length":1000}}' \
	'{"match":{"path":"'$M'","nth":3},"do":{"content_length":10}}' \
	'{"match":{"path":"'$M'","nth":4},"do":{"raw":"SSH-2.0-nonsense\r\n"}}' \
	'{"match":{"path":"'$M'","nth":5},"do":{"raw":""}}' \
	'{"match":{"path":"'$M'","nth":6},"do":{"cut_after":10,"end":"reset"}}' \
	'{"match":{"path":"'$M'","nth":7},"do":{"cut_after":10,"end":"hang"}}' \
	'{"match":{"path":"'$M'","nth":8},"do":{"expire":true}}'
ask GET $M
is "$code $(wc -c <"$T/out")" '18 10' 'a body cut off'
ask GET $M
is "$code" 18 'a Content-Length too big'
ask GET $M
is "$code $(wc -c <"$T/out")" '0 10' 'a Content-Length too small'
ask GET $M --http1.1 --no-http0.9
is "$code" 1 'raw bytes that are no HTTP'
ask GET $M
is "$code" 52 'nothing at all'
ask GET $M
is "$code" 56 'a reset'
ask GET $M -m 1
is "$code" 28 'a connection that hangs'
ask GET $M
is "$status $(j .code)" '401 credentials.expired' 'a token that ends early'
ask GET $M
is "$status" 401 'for good'
unmock

printf '%s\n' '{"match":{"path":"/oauth/token"},"do":{"expires_in":5}}' \
	'{"match":{"path":"'$M'","nth":1},"do":{"delay_ms":700}}' \
	'{"match":{"path":"'$M'","nth":2},"do":{"slow":{"bytes":40,"ms":100}}}' \
	'{"match":{"path":"'$Q'","nth":1},"do":{"cut_after":5000}}' \
	'{"match":{"path":"'$Q'","nth":2},"do":{"cut_after":0}}' >"$T/faults"
mock --faults "$T/faults"
token
ask GET $M -m 0.4
is "$code" 28 'a delayed answer'
t=$(date +%s%N)
ask GET $M
t=$((($(date +%s%N) - t) / 1000000))
is "$status $([ "$t" -ge 300 ] && echo slow)" '200 slow' 'a slow body'
post "$Q" "$body"
is "$code $(wc -c <"$T/out")" '18 5000' 'a multipart body cut off'
post "$Q" "$body"
is "$code $(wc -c <"$T/out")" '18 0' 'before its first byte'
unmock

# ---- journal ----

mock --journal "$T/journal"
token
post "$E?a=b%20c&d" '{"evaluationType":"default"}'
ask GET $M -H 'X-Two: 1' -H 'X-Two: 2' -H 'Cookie: secret=1'
curl -s -o /dev/null -H "$A" -H 'Content-Type: application/json' \
	-H 'Transfer-Encoding: chunked' --data-binary @"$T/body" "$U$E"
unmock
is "$(jq -r '[.n,.method,.path,.query,.status]|@csv' "$T/journal")" \
"1,\"POST\",\"/oauth/token\",\"\",200
2,\"POST\",\"$E\",\"a=b%20c&d\",202
3,\"GET\",\"$M\",\"\",200
4,\"POST\",\"$E\",\"\",202" 'a line a request'
is "$(jq -r 'select(.n==2)|.body_sha256' "$T/journal")" \
	"$(sha256sum <"$T/body" | cut -d' ' -f1)" 'the hash of a body'
is "$(jq -r 'select(.n==4)|.body_sha256' "$T/journal")" \
	"$(sha256sum <"$T/body" | cut -d' ' -f1)" 'of a chunked one too'
is "$(jq -c 'select(.n==3)|.headers|[.authorization,.cookie,."x-two"]' \
	"$T/journal")" '["Bearer","(hidden)","1, 2"]' 'headers, no secrets'
is "$(grep -c -e "$(cat "$T/token")" -e "$SECRET" "$T/journal")" 0 \
	'no token, no secret'

mock --journal /dev/full
token
ask GET $M
unmock
is "$status $code $(grep -c 'cannot write the journal' "$T/mock.err")" \
	'200 6 1' 'a journal that cannot be written: said once, exit 6'

# ---- exec ----

run gc-mock exec sh -c 'exit 42'
exits 42 'the exit code of the command'
run gc-mock exec sh -c 'kill -9 $$'
exits 137 'death by a signal stays that'
run gc-mock exec "$T/none"
exits 127 'a command that is not there'
: >"$T/plain"
run gc-mock exec "$T/plain"
exits 126 'a command that is none'
echo hello >"$T/in"
run gc-mock exec cat <"$T/in"
is "$(out)" hello 'stdin and stdout pass through'
run gc-mock --seed 5 exec --records 7 sh -c 'echo "$1" --port' x y --seed
is "$code $(out)" '0 y --port' 'options before the command only'
GC_SEED=5 run gc-mock exec --now 2026-01-01 sh -c 'echo "$GC_NOW"; curl -s \
	-u "$GENESYS_CLIENT_ID:$GENESYS_CLIENT_SECRET" \
	-d grant_type=client_credentials "$GC_LOGIN_URL/oauth/token"'
cp "$T/out" "$T/five"
is "$(head -1 "$T/five")" 2026-01-01 'the command lives in the same present'
run gc-mock --seed 1 exec --seed 5 --now 2026-01-01 sh -c 'echo "$GC_NOW"
	curl -s -u "$GENESYS_CLIENT_ID:$GENESYS_CLIENT_SECRET" \
	-d grant_type=client_credentials "$GC_LOGIN_URL/oauth/token"'
same "$T/out" "$T/five" 'GC_SEED is a seed'
GC_SEED=x run gc-mock exec true
exits 2 'a GC_SEED that is no number'
GENESYSCLOUD_ACCESS_TOKEN=x http_proxy=http://127.0.0.1:1 \
	run gc-mock --prefix /gw/ exec env
is "$(out | grep -c -e '^GENESYSCLOUD_ACCESS_TOKEN' -e '^http_proxy')" 0 \
	'what would lead astray is taken away'
for name in GC_API_URL GC_LOGIN_URL GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET \
	GENESYS_BOT_ID GENESYS_MODEL_ID DASHBOARD_API_URL \
	DASHBOARD_API_TOKEN CAMPAIGN_API_URL CAMPAIGN_API_TOKEN \
	COACHING_WEBHOOK_URL; do
	like "$(out | sed -n "s/^$name=//p")" '?*' "$name is set"
done
like "$(out | sed -n 's/^GC_API_URL=//p')" 'http://127.0.0.1:*/gw' \
	'with the prefix'
run gc-mock exec sh -c 'curl -s -o /dev/null -w "%{http_code}" \
	-u "$GENESYS_CLIENT_ID:$GENESYS_CLIENT_SECRET" \
	-d grant_type=client_credentials "$GC_LOGIN_URL/oauth/token"'
is "$(out)" 200 'and they work'
run gc-mock exec sh -c 'curl -s --http1.0 -o /dev/null \
	-w "%{http_version} %{http_code} " "$GC_API_URL/api/v2/tokens/me"
	curl -si -H "Connection: close" "$GC_API_URL/api/v2/tokens/me" |
	grep -ci "^connection: close"'
is "$(out)" '1.1 401 1' 'HTTP/1.0, and Connection: close'
run gc-mock --prefix /gw exec sh -c 'for p in /gw/oauth/token /oauth/token
	do curl -s -o /dev/null -w "%{http_code} " \
	-u "$GENESYS_CLIENT_ID:$GENESYS_CLIENT_SECRET" \
	-d grant_type=client_credentials "${GC_LOGIN_URL%/gw}$p"; done'
is "$(out)" '200 404 ' 'a prefix is needed where there is one'
gc-mock exec sh -c 'trap "echo got; exit 9" TERM; echo up
	while :; do sleep 0.05; done' >"$T/out" 2>"$T/err" &
pid=$!
while ! grep -q up "$T/out"; do sleep 0.05; done
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
is "$code $(tail -1 "$T/out")" '9 got' 'signals are handed on'

done_testing
