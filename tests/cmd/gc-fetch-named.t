#!/bin/sh
# Named requests, polls, records one by one, what is kept, what is only said.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh
: | rules

own=$HOME/.config/gcpipe/requests
mkdir -p "$own"

# ---- finding and telling ----
cat >"$own/mine.jq" <<'END'
# A request of one's own.
#
# More about it.
{ path: "/x/\(.vars.id)",
  query: {size: (.vars.size // 100), "a b": .vars.tag, also: ["x", "y&z"],
    none: null},
  headers: {"X-Run": .now} }
END
run gc-fetch --list
exits 0 '--list'
like "$(out)" '*evaluate	Starts*mine	A request of*' 'the own and the others'
run gc-fetch -r mine --help
exits 0 '-r NAME --help'
like "$(out)" '*More about it.*id *needed*size *default 100*tag *needed*' \
    'its comment and its variables'
run gc-fetch -r nothing
exits 2 'no such request'
run gc-fetch -r mine tag=t
exits 2 'a variable is missing'
like "$(err)" 'gc-fetch: request mine: id is missing*' 'the message names it'
run gc-fetch -r mine id=1 tag=t szie=3
exits 2 'a variable that there is not'
like "$(err)" '*szie: it has id, size, tag*' 'says which there are'
run gc-fetch -r mine id
exits 2 'no value'
run gc-fetch -r mine id:='{' tag=1
exits 2 'no JSON'
run gc-fetch -r mine --dry-run --no-auth --now 2026-01-02T03:04:05Z \
    id='a/b' size:=5 "tag=it's 1"
is "$(out)" "curl -sS -H 'X-Run: 2026-01-02T03:04:05Z' 'https://api.\
mypurecloud.com/x/a/b?size=5&a%20b=it%27s%201&also=x&also=y%26z'" \
    'the request, as a command'
cat >"$own/mine.jq" <<'END'
{ path: "/x", mehtod: "GET" }
END
run gc-fetch -r mine
exits 2 'a member that means nothing is an error'
like "$(err)" '*mehtod*' 'and named'
cat >"$own/cond.jq" <<'END'
if .vars.op == "write"
then {method: "PATCH", path: "/x", body: {a: .vars.attributes}}
else {path: "/x"} end
END
run gc-fetch -r cond --dry-run op=read
exits 0 'a variable that this request does not depend on may be missing'
run gc-fetch -r cond --dry-run op=write
exits 2 'one that it depends on may not'
like "$(err)" '*attributes is missing*' 'and is named'
run env GC_API_URL=https://x.example gc-fetch --api platform --region eu-west-1 \
    --scope 'a b' --allow-origin http://y.example --dry-run /x
is "$(out)" "GENESYS_REGION='mypurecloud.ie' GC_API='platform' GC_ALLOW_ORIGIN='http://y.example' GC_SCOPES='a b' gc-auth header | curl -sS -H @- 'https://x.example/x'" \
    '--dry-run: the token is the one that flags ask for'
# What a request's program, or any other expression, can read.
secrets='GENESYS_CLIENT_SECRET GENESYSCLOUD_OAUTHCLIENT_SECRET
    GENESYSCLOUD_ACCESS_TOKEN DASHBOARD_API_TOKEN CAMPAIGN_API_TOKEN
    POSTGRES_CONNECTION_STRING GC_STORE MINE'
# shellcheck disable=SC2016 # jq expands
echo '{path: "/x", query: {all: ([$ENV, env] | tojson)}}' >"$T/env.jq"
# shellcheck disable=SC2046,SC2086 # words are meant
run env $(printf '%s=open-sesame ' $secrets) PLAIN=seen \
    gc-fetch --auth-env MINE --dry-run -r "$T/env.jq"
exits 0 'a request that reads the environment'
like "$(out)" '*PLAIN*seen*' 'knows it'
case $(out) in *sesame*) false ;; *) true ;; esac
ok $? 'but no secret'
# shellcheck disable=SC2016
mocked sh -c 'printf "{}\n" | gc-fetch -q --each --as a --records \
    "\$ENV.GENESYS_CLIENT_SECRET" "/api/v2/users?pageSize=1"'
is "$(out)" '{"a":[]}' 'which gc-auth has all the same'
run gc-fetch -r train --dry-run
exits 2 'a setting is missing'
like "$(err)" '*GENESYS_BOT_ID*' 'says how to set it'

# ---- a dry run can be run ----
mocked sh -c 'gc-fetch -r utterances --dry-run >"$0/cmd" && sh "$0/cmd" |
    gc-fetch --split - | wc -l; gc-fetch -r utterances | wc -l' "$T"
is "$(tr -d ' ' <"$T/out" | tr '\n' ' ')" '1000 1000 ' \
    'the command that --dry-run says does the same'

# ---- polls ----
cat >"$T/more" <<'END'
{"match":{"path":"/job","nth":"1-2"},"do":{"status":404}}
{"match":{"path":"/job","nth":3},"do":{"status":200,"body":{"state":"running"}}}
{"match":{"path":"/job"},"do":{"status":200,"body":{"state":"done","n":1}}}
{"match":{"path":"/fails","nth":1},"do":{"status":200,"body":{"state":"QUEUED"}}}
{"match":{"path":"/fails"},"do":{"status":200,"body":{"state":"FAILED"}}}
{"match":{"path":"/slow"},"do":{"status":200,"body":{"status":"running"}}}
END
rules <"$T/more"
mocked gc-fetch --poll '.state == "done"' --interval 0.05 /job
exits 0 'a poll'
is "$(out)" '{"state":"done","n":1}' 'the answer that was waited for'
is "$(asked .status | tr '\n' ' ')" '404 404 200 200 ' \
    '404 before the job exists is patience'
mocked gc-fetch --poll '.state == "done"' --interval 0.05 /fails
exits 4 'a job that failed'
mocked gc-fetch --poll '.status == "done"' --interval 0.05 --max-wait 0.3 \
    /slow
exits 7 'a job that does not end in time'
like "$(err)" '*status running*' 'and how it stands'

# ---- evaluate, and what is kept ----
: | rules
mocked sh -c '
	one() {
		id=$(gc-fetch --cache 1h -r evaluate "$@" | jq -r .id) &&
		gc-fetch --cache 1h --interval 0.05 -r evaluation id="$id" "$@"
	}
	one >"$0/1" && one >"$0/2" && one --refresh >"$0/3"
	one --now 2036-01-01T00:00:00Z >"$0/4"' "$T"
exits 0 'an evaluation, four times'
same "$T/2" "$T/1" 'the second is the first'
is "$(asked 'select(.method == "POST") | .path' | wc -l | tr -d ' ')" 3 \
    'within the hour neither is asked for again, but with --refresh'
is "$(jq -r .kind "$T/1")" evaluation 'its kind is added'
is "$(find "$T/cache/gcpipe/fetch" -type d -perm 700 | wc -l | tr -d ' ')" 1 \
    'the folder is private'
is "$(find "$T/cache/gcpipe/fetch" -type f ! -perm 600 | wc -l | tr -d ' ')" \
    0 'and so are the files'
mocked sh -c 'gc-fetch --cache 1h -r train; gc-fetch --cache 1h -r train
    gc-fetch --cache 1h --refresh -r train'
is "$(jq -r .id "$T/out" | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" '2 1 ' \
    'a training is kept where that is asked for'
echo '{"method": "POST", "path": "/api/v2/bots/\(.env.bot_id)/model",
    "body": {"action": "train"}}' >"$T/act.jq"
mocked sh -c 'gc-fetch --cache 1h -r "$0"; gc-fetch --cache 1h -r "$0"' "$T/act.jq"
is "$(asked .path | wc -l | tr -d ' ')" 2 \
    'a POST that does not say so is not kept'
chmod 755 "$T/cache/gcpipe/fetch"
mocked gc-fetch --cache 1h -r evaluate
exits 2 'a folder that others can read is refused'
chmod 700 "$T/cache/gcpipe/fetch"

# ---- a request in steps ----
cat >"$own/job.jq" <<'END'
# Submits a job, waits for it, fetches its results.
if .step == 0 then {method: "POST", path: "/jobs", body: {}, more: true}
elif .step == 1 then {path: "/jobs/\(.answer.jobId)",
  poll: {until: ".state == \"FULFILLED\"", interval: 0.01}, more: true}
else {path: "/results", paginate: "cursor"} end
END
{
	echo '{"match":{"path":"/jobs","nth":1},"do":{"status":202,"body":{"jobId":"j1"}}}'
	answers /jobs/j1 '' '{"state":"FULFILLED"}'
	answers /results '*cursor=b*' '{"results":[{"id":2}]}'
	answers /results '' '{"results":[{"id":1}],"cursor":"b"}'
} | rules
mocked gc-fetch -r job
is "$code $(jq -c .id "$T/out" | tr '\n' ' ')" '0 1 2 ' \
    'a job, by one name'

# ---- a request for each record ----
{
	echo '{"match":{"path":"/u/3"},"do":{"status":404,"headers":{"ININ-Correlation-Id":"c-3"},"body":{"message":"no 3"}}}'
	echo '{"match":{"path":"/u/1"},"do":{"status":200,"delay_ms":300,"body":{"items":[1],"who":"1"}}}'
	echo '{"match":{"path":"/u/*"},"do":{"status":200,"body":{"entities":[{"id":5},{"id":6}],"total":2}}}'
	echo '{"match":{"path":"/make","nth":[1,3]},"do":{"status":201,"body":{"made":true}}}'
	echo '{"match":{"path":"/make"},"do":{"status":204}}'
} | rules
printf '{"id":%d,"n":1.0}\n' 1 2 3 4 5 6 >"$T/in"
mocked gc-fetch --each --as got --reject "$T/rej" -j 4 '/u/{.id}' <"$T/in"
exits 0 'a request a record, four at a time'
head -1 "$T/out" >"$T/first"
is "$(cat "$T/first")" '{"id":1,"n":1.0,"got":{"items":[1],"who":"1"}}' \
    'the answer is attached'
is "$(jq -c .id "$T/out" | tr '\n' ' ')" '1 2 4 5 6 ' 'in order'
is "$(jq -c '[.line, .rule, .record]' "$T/rej")" \
    '[3,"refused",{"id":3,"n":1}]' 'a 404 is its record'"'"'s reject'
is "$(jq -c '[.status, .correlationId, .retryable]' "$T/rej")" \
    '[404,"c-3",false]' 'with the service'"'"'s word for it'
mocked gc-fetch --each --as got --records entities '/u/{.id}' <<'END'
{"id":"a b"}
END
is "$(out)" '{"id":"a b","got":[{"id":5},{"id":6}]}' \
    'the list, where the request names one'
is "$(asked .path)" '"/u/a%20b"' 'the value is encoded'
mocked sh -c 'for how in "--as got" "--as got" "--records items --as got" "" \
    "--records items --as got"; do
	# shellcheck disable=SC2086 # words
	echo "{\"id\":1}" | gc-fetch --each --cache 1h $how "/u/{.id}"
done'
printf '%s\n' '{"id":1,"got":{"items":[1],"who":"1"}}' \
    '{"id":1,"got":{"items":[1],"who":"1"}}' '{"id":1,"got":[1]}' \
    '{"items":[1],"who":"1"}' '{"id":1,"got":[1]}' >"$T/want"
same "$T/out" "$T/want" 'what is kept has the shape of what was asked for'
mocked gc-fetch --each '/u/{.id}' <<'END'
{"id":7}
END
is "$(jq -c .id "$T/out" | tr '\n' ' ')" '5 6 ' 'without --as the records'
mocked gc-fetch --each -X POST --as made /make <"$T/in"
is "$(jq -c .made "$T/out" | tr '\n' ' ')" \
    '{"made":true} null {"made":true} null null null ' \
    'a record is the body where there is no other'
mocked gc-fetch --each --as got '/u/{.nope}' <"$T/in"
exits 3 'a record without what the path needs'
mocked gc-fetch --each --as got --retry '/u/{.id}' <"$T/rej"
exits 3 'rejects are taken back'
mocked gc-fetch --each --dry-run --no-auth '/u/{.id}' <"$T/in"
is "$(wc -l <"$T/out" | tr -d ' ')" 6 '--dry-run, a command a record'

# ---- wrong usage ----
for args in '' '--as x /p' '--since-by .a /p' '--each /p /q' '-r evaluate -X PUT' \
    '--split x /p' '--boundary b /p' '-X get /p' 'p' '--state s --cache 1h /p' \
    '--rate fast /p' '--allow-origin x /p' '--paginate spiral /p' \
    '--records .[ /p' '--list x' '/p{x}' '--split tests' '-d @tests /p' \
    '-d @tests/none /p' '--state tests/none/s /p' '--audit tests/none/a /p' \
    '--ledger tests/none/l /p' '-o tests/none/o /p' \
    '--other-parts Makefile /p'; do
	# shellcheck disable=SC2086 # words are meant
	run env GC_API_URL=http://127.0.0.1:1 gc-fetch --no-auth $args
	[ "$code" = 2 ] || note "gc-fetch $args: $code; $(err)"
	is "$code" 2 "wrong usage: gc-fetch $args"
done

done_testing
