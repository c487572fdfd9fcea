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
