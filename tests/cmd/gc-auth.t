# SPDX-License-Identifier: GPL-3.0-or-later
# gc-auth.t -- tokens: asked for once, kept well, handed out, forgotten.
# shellcheck disable=SC2016 # many a dollar here is meant for somebody else

. tests/lib.sh

mkdir "$T/server"
python3 tests/cmd/token_server.py "$T/server" &
server=$!
trap 'kill "$server"; rm -rf "$T"' EXIT
n=0
until [ -s "$T/server/port" ]; do
	n=$((n + 1))
	[ "$n" -lt 200 ] || skip_all 'no token server'
	sleep 0.05
done
URL=http://127.0.0.1:$(cat "$T/server/port")
CACHE=$T/cache/gcpipe
SECRET=hunter2-Tr0ub4dor

# Nothing kept, nothing asked, the usual client.
fresh() {
	rm -rf "$T/cache" "$T/home/.gc" "$T/server/answers"
	: >"$T/server/journal"
	unset GC_NOW GC_API GC_LOGIN_URL GC_SCOPES GC_PROFILE GENESYS_REGION \
		GENESYSCLOUD_ACCESS_TOKEN GENESYS_CLIENT_SECRET_FILE \
		GENESYSCLOUD_OAUTHCLIENT_ID GENESYSCLOUD_OAUTHCLIENT_SECRET
	GC_API_URL=$URL
	GENESYS_CLIENT_ID=client-1
	GENESYS_CLIENT_SECRET=$SECRET
	export GC_API_URL GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
}

# answers LINE...: what the next requests are answered with.
answers() {
	printf '%s\n' "$@" >"$T/server/answers"
}

# How many requests there were.
asked() {
	wc -l <"$T/server/journal" | tr -d ' '
}

# journal FILTER: of the last request, by jq.
journal() {
	tail -n 1 "$T/server/journal" | jq -r "$1"
}

# at SECONDS: the time of day, so far after the last token was taken.
at() {
	GC_NOW=$(jq -r "(.taken_ms / 1000 | floor) + $1 | todate" \
		"$CACHE"/*.token)
	export GC_NOW
}

# refuse TOKEN [OPTION...]: runs the verb; printf reads the token.
refuse() {
	# shellcheck disable=SC2059 # a format is meant
	printf "$1" >"$T/refused"
	shift
	run gc-auth refuse "$@" <"$T/refused"
}

# refuses CODE MESSAGE TITLE: the last run ended so, and said only this.
refuses() {
	exits "$1" "$3"
	like "$(err)" "gc-auth: $2" "$3: message"
}

# ---- a token, kept ----

fresh
run gc-auth
exits 0 'a token'
is "$(out)" token-1 'a token: on one line'
is "$(err)" '' 'a token: nothing on stderr'
is "$(journal .method,.path | paste -s -)" 'POST	/oauth/token' \
	'tutorial: the path'
is "$(journal .body)" \
	"grant_type=client_credentials&client_id=client-1&client_secret=$SECRET" \
	'tutorial: id and secret in the form'
is "$(journal .headers.Authorization)" null 'tutorial: no Basic'
run gc-auth token
is "$(out)" token-1 'the same token again'
is "$(asked)" 1 'the same token again: not asked for'
is "$(stat -c %a "$CACHE")" 700 'the folder is 0700'
is "$(stat -c %a "$CACHE"/*.token)" 600 'the token is 0600'
is "$(find "$CACHE" -type f | wc -l)" 2 'a token and a lock, nothing else'
run gc-auth -v
like "$(err)" "gc-auth: taken from $CACHE/*.token" '-v says from where'

fresh
GC_API=platform GC_LOGIN_URL=$URL/log/in GC_SCOPES='a b' run gc-auth
exits 0 'platform'
is "$(journal .path)" /log/in/oauth/token 'platform: the login URL, prefix kept'
is "$(journal .body)" grant_type=client_credentials 'platform: no scope'
is "$(journal .headers.Authorization)" \
	"Basic $(printf 'client-1:%s' "$SECRET" | base64)" 'platform: HTTP Basic'

fresh
run gc-auth --token-path /api/v2/oauth/token --client-auth basic -s x:read
is "$(journal .path)" /api/v2/oauth/token '--token-path'
is "$(journal .body)" 'grant_type=client_credentials&scope=x%3Aread' \
	'--client-auth basic, with a scope'
like "$(journal .headers.Authorization)" 'Basic *' '--client-auth basic'
run gc-auth --api platform --client-auth body
is "$(journal .body)" \
	"grant_type=client_credentials&client_id=client-1&client_secret=$SECRET" \
	'--client-auth body'

fresh
GENESYS_CLIENT_ID='a b&c' GENESYS_CLIENT_SECRET='p=q+r%&é' run gc-auth
is "$(journal .body)" 'grant_type=client_credentials&client_id=a%20b%26c&client_secret=p%3Dq%2Br%25%26%C3%A9' \
	'everything is percent-encoded'

# ---- in other words ----

fresh
run gc-auth header
is "$(out)" 'Authorization: Bearer token-1' 'header'
run gc-auth -f header
is "$(out)" 'Authorization: Bearer token-1' '--format header'
run gc-auth --format=json
is "$(jq -c 'del(.expires_in)' "$T/out")" \
	'{"access_token":"token-1","token_type":"Bearer"}' '--format json'
is "$(jq '.expires_in > 86300 and .expires_in <= 86400' "$T/out")" true \
	'--format json: expires_in'
run gc-auth --format=env
is "$(out)" GENESYSCLOUD_ACCESS_TOKEN=token-1 '--format env'
run gc-auth --format=curl-config
is "$(out)" 'header = "Authorization: Bearer token-1"' '--format curl-config'
gc-auth header | curl -s -o /dev/null -H @- "$URL/a"
is "$(journal .headers.Authorization)" 'Bearer token-1' 'header, for curl -H @-'
gc-auth -f curl-config | curl -s -o /dev/null -K - "$URL/b"
is "$(journal .headers.Authorization)" 'Bearer token-1' \
	'curl-config, for curl -K -'

fresh
answers '{"body":{"access_token":"~a'\''b\"c\\d$(e)","token_type":"Bearer"}}'
run gc-auth --format=env
(eval "$(out)" && printf '%s\n' "$GENESYSCLOUD_ACCESS_TOKEN") >"$T/got"
printf '%s\n' '~a'\''b"c\d$(e)' >"$T/want"
same "$T/got" "$T/want" '--format env survives the shell'
gc-auth -f curl-config | curl -s -o /dev/null -K - "$URL/b"
is "$(journal .headers.Authorization)" 'Bearer ~a'\''b"c\d$(e)' \
	'--format curl-config survives curl'
run gc-auth -f yaml
refuses 2 '--format takes token, header, json, curl-config or env, not '\''yaml'\' \
	'an unknown format'

# ---- how long ----

fresh
run gc-auth status
refuses 5 'no token is kept' 'status of nothing'
is "$(jq -c '[.valid,.token_url,.client_id,.scopes]' "$T/out")" \
	"[false,\"$URL/oauth/token\",\"client-1\",null]" 'status of nothing: JSON'
[ ! -e "$T/cache" ]
ok $? 'status makes no folder'
answers '{"body":{"access_token":"t1","expires_in":100}}'
run gc-auth
run gc-auth status
exits 0 'status'
is "$(jq -c '[.valid, .seconds_left > 60, has("access_token")]' "$T/out")" \
	'[true,true,false]' 'status: JSON'
case $(out) in *t1*) false ;; *) true ;; esac
ok $? 'status does not show the token'
is "$(asked)" 1 'status asks for nothing'
at 39
run gc-auth
is "$(out)" t1 'kept until 60 s before the end'
at 42
run gc-auth
is "$(out)" token-2 'renewed from then on'
fresh
answers '{"body":{"access_token":"t1","expires_in":100}}'
run gc-auth
at 89
run gc-auth --margin 10
is "$(out)" t1 '--margin 10'
at 92
run gc-auth --margin 10
is "$(out)" token-2 '--margin 10: renewed'
at 101
run gc-auth status
exits 0 'status of the new token'
at 90000
run gc-auth status
refuses 5 'the token has ended' 'status of an ended token'
is "$(jq -c '[.valid,.seconds_left]' "$T/out")" '[false,0]' \
	'status of an ended token: JSON'

fresh
answers '{"body":{"access_token":"t1","expires_in":30}}'
run gc-auth
is "$(out)" t1 'a token shorter than the margin is handed out'
is "$(asked)" 1 'a token shorter than the margin: one request, no loop'
run gc-auth
is "$(out) $(asked)" 'token-2 2' 'and is not kept for the next'
fresh
answers '{"body":{"access_token":"t1","expires_in":0}}'
run gc-auth
is "$(out) $(asked)" 't1 1' 'expires_in 0'
fresh
answers '{"body":{"access_token":"t1"}}'
run gc-auth
at 239
run gc-auth
is "$(out)" t1 'without expires_in: five minutes'
at 242
run gc-auth
is "$(out)" token-2 'without expires_in: renewed'
fresh
answers '{"body":{"access_token":"t1","expires_in":"100"}}'
run gc-auth
at 42
run gc-auth
is "$(out)" token-2 'expires_in as a string'
fresh
answers '{"body":{"access_token":"t1","expires_in":1e300}}'
run gc-auth
is "$(out)" t1 'a huge expires_in'
run gc-auth
is "$(out) $(asked)" 't1 1' 'a huge expires_in is kept'
run gc-auth status
is "$(jq -r .expires "$T/out" | cut -c 1-2)" 20 'a huge expires_in ends one day'

# ---- clocks that jump ----

fresh
answers '{"body":{"access_token":"t1","expires_in":1}}'
GC_NOW=2026-01-01T00:00:00Z run gc-auth --margin 0
sleep 1.2
GC_NOW=2026-01-01T00:00:00Z run gc-auth --margin 0
is "$(out)" token-2 'a clock that stands still does not keep a token alive'
fresh
run gc-auth
at -3600
run gc-auth
is "$(out) $(asked)" 'token-1 1' 'a clock set back: the other clock counts'
sed 's/"boot":"[^"]*"/"boot":"another"/' "$CACHE"/*.token >"$T/edited"
cat "$T/edited" >"$(echo "$CACHE"/*.token)"
run gc-auth
is "$(out) $(asked)" 'token-2 2' \
	'a clock set back, and another machine: not trusted'

# ---- scopes ----

fresh
run gc-auth -s 'b:read  a:read' --scope c
is "$(journal .body | sed 's/.*&//')" 'scope=a%3Aread%20b%3Aread%20c' \
	'scopes are sent in order'
GC_SCOPES='c a:read b:read c' run gc-auth
is "$(out) $(asked)" 'token-1 1' 'the same scopes, the same token'
run gc-auth -s a:read
is "$(out)" token-2 'other scopes, another token'
run gc-auth
is "$(out)" token-3 'no scopes, another token'
GENESYS_CLIENT_ID=client-2 run gc-auth
is "$(out)" token-4 \
	'two clients never share a token (bot performance: one cache key for all)'
run gc-auth --token-path /other
is "$(out)" token-5 'nor do two services'
run gc-auth -s 'a"b'
refuses 2 "'a\"b' is no scope" 'a character no scope has'

fresh
run gc-auth -s 'a b' --require-scope b
exits 0 '--require-scope of one that was asked for'
run gc-auth -s 'a b' --require-scope 'a analytics:read'
refuses 5 'the token lacks the scope analytics:read: ask for it with --scope, *' \
	'--require-scope of one that was not'
is "$(out)" '' '--require-scope: no token on stdout'
run gc-auth --require-scope a
exits 5 '--require-scope without scopes'
fresh
answers '{"body":{"access_token":"t1","expires_in":900,"scope":"a"}}'
run gc-auth -s 'a b' --require-scope b
exits 5 "the service's word on scopes counts"
run gc-auth -s 'a b' --require-scope a
exits 0 "the service's word on scopes is kept"
run gc-auth -s 'a b' status
is "$(jq -c .scopes "$T/out")" '["a"]' 'status tells the scopes'
fresh
GC_LOGIN_URL=$URL run gc-auth --api platform --require-scope a
exits 0 '--require-scope on the platform, which names none'
like "$(err)" 'gc-auth: not checked: a: *' 'and says so'

# ---- one request for all ----

fresh
answers '{"delay":0.5}'
i=0
while [ "$i" -lt 20 ]; do
	gc-auth >"$T/p$i" 2>&1 &
	pids="${pids-} $!"
	i=$((i + 1))
done
# shellcheck disable=SC2086 # a list
wait $pids
is "$(cat "$T"/p[0-9]* | sort -u)" token-1 '20 at once: one token'
is "$(asked)" 1 '20 at once: one request'

fresh
answers '{"delay":0.5,"body":{"access_token":"brief","expires_in":30}}'
pids=
i=0
while [ "$i" -lt 20 ]; do
	gc-auth >"$T/p$i" 2>&1 &
	pids="$pids $!"
	i=$((i + 1))
done
# shellcheck disable=SC2086 # a list
wait $pids
is "$(cat "$T"/p[0-9]* | sort -u)" brief '20 at once, a short-lived token'
is "$(asked)" 1 '20 at once, a short-lived token: one request'

# ---- refuse ----

fresh
run gc-auth
refuse token-0
exits 0 'refuse another token'
run gc-auth
is "$(out)" token-1 'refuse another token: the kept one stays'
refuse 'token-1\n'
exits 0 'refuse'
is "$(out)$(err)" '' 'refuse says nothing'
run gc-auth
is "$(out)" token-2 'refuse: renewed'
pids=
i=0
while [ "$i" -lt 10 ]; do
	(
		printf 'token-2' | gc-auth refuse && gc-auth >"$T/p$i"
	) &
	pids="$pids $!"
	i=$((i + 1))
done
# shellcheck disable=SC2086 # a list
wait $pids
is "$(cat "$T"/p[0-9] | sort -u)" token-3 'ten 401s: one new token'
is "$(asked)" 3 'ten 401s: one renewal'
refuse ''
refuses 3 'stdin: expected the refused token on one line' 'refuse nothing'
refuse 'a\nb\n'
exits 3 'refuse two lines'
fresh
refuse 'x'
exits 0 'refuse where nothing is kept'
[ ! -e "$T/cache" ]
ok $? 'refuse makes no folder'

# ---- logout ----

fresh
run gc-auth
run gc-auth logout
exits 0 'logout'
is "$(find "$CACHE" -name '*.token')" '' 'logout: gone'
run gc-auth logout
exits 0 'logout again'
run gc-auth
is "$(out)" token-2 'after logout a new one'

# ---- the cache does not trust ----

run gc-auth
file=$(echo "$CACHE"/*.token)
chmod 640 "$file"
run gc-auth
refuses 2 "$file is open to other users; its token may be known to them: gc-auth logout" \
	'a token that a group can read'
run gc-auth status
exits 2 'a token that a group can read: status'
run gc-auth logout
exits 0 'logout helps'
run gc-auth
exits 0 'logout helps: renewed'
mv "$file" "$T/real"
ln -s "$T/real" "$file"
run gc-auth
refuses 2 "$file is a symbolic link; it is not followed" 'a symbolic link'
rm "$file"
mkfifo "$file"
run gc-auth logout
exits 0 'a fifo does not hang'
chmod 750 "$CACHE"
run gc-auth
refuses 2 "$CACHE is open to other users; no token is kept there until: chmod 700 $CACHE" \
	'a folder that others can enter'
fresh
mkdir -p "$T/cache" "$T/elsewhere"
chmod 700 "$T/elsewhere"
ln -s "$T/elsewhere" "$CACHE"
run gc-auth
refuses 2 "$CACHE is not a folder; no token is kept there" \
	'a folder that is a symbolic link'
is "$(find "$T/elsewhere" -type f)" '' 'nothing is written through it'
if [ "$(id -u)" = 0 ]; then
	fresh
	run gc-auth
	chown 1:1 "$CACHE"/*.token
	run gc-auth
	like "$(err)" 'gc-auth: *.token belongs to another user; no token is kept there' \
		'a token of somebody else'
	fresh
	run gc-auth
	chown 1:1 "$CACHE"
	run gc-auth
	refuses 2 "$CACHE belongs to another user; no token is kept there" \
		'a folder of somebody else'
else
	skip 3 'not root'
fi
fresh
run gc-auth
printf '{"access_token":' >"$(echo "$CACHE"/*.token)"
run gc-auth
is "$(out)" token-2 'a file that makes no sense is renewed'
: >"$(echo "$CACHE"/*.token | sed 's/token$/tmp/')"
run gc-auth logout
run gc-auth
exits 0 'what a killed writer left is no obstacle'
is "$(find "$CACHE" -name '*.tmp')" '' 'and does not stay'
fresh
XDG_CACHE_HOME=relative run gc-auth
is "$(find "$T/home/.cache/gcpipe" -name '*.token' | wc -l)" 1 \
	'a relative XDG_CACHE_HOME is ignored'
[ ! -e relative ]
ok $? 'and not made'
rm -rf "$T/home/.cache"
XDG_CACHE_HOME=/dev/null/x run gc-auth
refuses 2 '/dev/null/x/gcpipe is not a folder; no token is kept there' \
	'a place where no folder can be'
XDG_CACHE_HOME=/proc/none run gc-auth
refuses 6 'cannot make /proc/none: No such file or directory' \
	'a place where nothing can be made'
long=$(printf '%05000d' 0)
XDG_CACHE_HOME=/tmp/$long run gc-auth
refuses 2 'the path of the token cache is too long' 'a path too long'
fresh
run gc-auth
run gc-auth logout
file=$(echo "$CACHE"/*.lock)
mkdir "${file%lock}tmp"
run gc-auth
refuses 6 "cannot write ${file%lock}token: *" 'a file that cannot be written'
is "$(out)" '' 'a file that cannot be written: no token'
rmdir "${file%lock}tmp"
rm "$file"
mkdir "$file"
run gc-auth
refuses 6 "cannot open *.lock: Is a directory" 'a lock that cannot be had'
(
	unset HOME XDG_CACHE_HOME
	run gc-auth
	printf '%s %s' "$code" "$(err)"
) >"$T/got"
is "$(cat "$T/got")" '2 gc-auth: no place for the token cache: set HOME or XDG_CACHE_HOME' \
	'no home'

# ---- waiting for another ----

fresh
run gc-auth
run gc-auth logout
python3 - "$CACHE"/*.lock "$T/locked" <<'PY' &
import fcntl, sys, time
f = open(sys.argv[1], "r+")
fcntl.lockf(f, fcntl.LOCK_EX)
open(sys.argv[2], "w").close()
time.sleep(60)
PY
holder=$!
until [ -e "$T/locked" ]; do
	sleep 0.05
done
run gc-auth --max-wait 200ms
refuses 7 "process $holder has been asking for this token for more than 0.2 s ($CACHE/*.token)" \
	'the wait for another process ends'
is "$(asked)" 1 'and it asks for nothing itself'
refuse x --max-wait 100ms
exits 7 'refuse waits as well'
gc-auth >"$T/waiter" 2>&1 &
waiter=$!
sleep 0.3
kill -9 "$holder"
wait "$waiter"
is "$(cat "$T/waiter")" token-2 'the lock of a killed process is free'

# ---- patience ----

again='"headers":{"Retry-After":"0"}'
# the seed makes the one wait without Retry-After a short one
fresh
answers "{\"status\":503,$again}" "{\"status\":429,$again}" \
	"{\"status\":500,$again}" '{"raw":"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{","headers":{}}'
GC_SEED=96 run gc-auth
exits 0 'four failures, then a token'
is "$(out) $(asked)" 'token-5 5' 'five tries'
is "$(grep -c 'again in' "$T/err")" 4 'each is said'
run gc-auth -q logout
answers "{\"status\":503,$again}" "{\"status\":503,$again}" \
	"{\"status\":503,$again}" "{\"status\":503,$again}" \
	'{"status":503,"body":{"message":"busy","code":"service.unavailable","contextId":"ctx-9"}}'
run gc-auth -q
refuses 4 "5 tries: POST $URL/oauth/token: 503 service.unavailable: busy, correlation id ctx-9" \
	'five failures'
answers '{"status":429,"headers":{"Retry-After":"1"}}'
run gc-auth
exits 0 'Retry-After is kept'
like "$(err)" '*: 429; again in 1.0 s' 'Retry-After is kept: said'
run gc-auth logout
answers '{"status":503,"headers":{"Retry-After":"Thu, 01 Jan 1998 00:00:00 GMT"}}'
run gc-auth
exits 0 'Retry-After, a date that has passed'
like "$(err)" '*: 503; again in 0.0 s' 'Retry-After, a date: at once'
run gc-auth logout
answers '{"status":429,"headers":{"Retry-After":"1000"}}'
run gc-auth
refuses 7 "the service wants no request for 1000 s, until 20*Z: POST $URL/oauth/token: 429" \
	'Retry-After beyond patience'
answers '{"status":429,"headers":{"Retry-After":"Fri, 01 Jan 2100 00:00:00 GMT"}}'
run gc-auth
refuses 7 "*, until 2100-01-01T00:00:0*Z: POST *" 'Retry-After, a date beyond patience'
answers '{"status":429}'
GC_SEED=1 run gc-auth --max-wait 1ms
refuses 7 "--max-wait would end before the next try in * s, at *Z: POST $URL/oauth/token: 429" \
	'--max-wait'
fresh
GC_API_URL=http://127.0.0.1:1 GC_SEED=1 run gc-auth --max-wait 1ms
refuses 7 "--max-wait would end *: POST http://127.0.0.1:1/oauth/token: *onnect*" \
	'no connection'

# the seed makes four waits of a third of a second in all
GC_API_URL=http://127.0.0.1:1 GC_SEED=19155 run gc-auth -q
refuses 4 "5 tries: POST http://127.0.0.1:1/oauth/token: *onnect*" \
	'no connection, five times'

# ---- answers that are no token ----

fresh
no_token="POST $URL/oauth/token: the answer is no token: "
while IFS='|' read -r body text; do
	answers "{\"body\":$body}"
	run gc-auth
	refuses 4 "$no_token$text" "no token: $text"
done <<'LIST'
"<html>"|it is no JSON object
[]|it is no JSON object
{}|it has no access_token
{"access_token":7}|it has no access_token
{"access_token":""}|access_token is not of visible ASCII
{"access_token":"a b"}|access_token is not of visible ASCII
{"access_token":"a\r\nX-Evil: 1"}|access_token is not of visible ASCII
{"access_token":"t","token_type":"mac"}|its type is not bearer
{"access_token":"t","expires_in":"1e999"}|expires_in is no number of seconds
{"access_token":"t","expires_in":-1}|expires_in is no number of seconds
{"access_token":"t","expires_in":"soon"}|expires_in is no number of seconds
{"access_token":"t","expires_in":true}|expires_in is no number of seconds
LIST
big=$(head -c 65450 /dev/zero | tr '\0' x)
answers "{\"body\":{\"access_token\":\"$big\"}}"
run gc-auth
refuses 4 'a token of more than 65536 bytes' 'a token too long to keep'
answers "{\"body\":{\"access_token\":\"$big$big\"}}"
run gc-auth
refuses 4 "POST $URL/oauth/token: a body of more than 65536 bytes" \
	'an answer without end'
is "$(find "$CACHE" -name '*.token')" '' 'none of them is kept'
answers '{"status":404}'
run gc-auth
refuses 4 "POST $URL/oauth/token: 404; see GC_API and --token-path" 'a 404'
answers "{\"status\":302,\"headers\":{\"Location\":\"$URL/elsewhere\"}}"
run gc-auth
refuses 4 "POST $URL/oauth/token: 302; a redirect is not followed" 'a redirect'
is "$(journal .path)" /oauth/token 'a redirect is not followed indeed'
before=$(asked)
for status in 400 401 403; do
	answers "{\"status\":$status,\"body\":{\"error\":\"invalid_client\",\"description\":\"client not found\"},\"headers\":{\"ININ-Correlation-Id\":\"c-$status\"}}"
	run gc-auth
	refuses 5 "POST $URL/oauth/token: $status invalid_client: client not found (correlation id c-$status); client id from GENESYS_CLIENT_ID, secret from GENESYS_CLIENT_SECRET" \
		"a $status"
done
x118=$(printf '%0118d' 0)
answers "{\"status\":401,\"body\":{\"error\":\"e\",\"description\":\"$x118$SECRET$long\"},\"headers\":{\"ININ-Correlation-Id\":\"c-9\"}}"
run gc-auth
refuses 5 "POST $URL/oauth/token: 401 e: $x118(h... (correlation id c-9); client id *" \
	'a long word of the service is cut, a secret in it first'
is "$(($(asked) - before))" 4 'what is refused is not tried again'

# ---- where a secret may go ----

fresh
GC_API_URL=http://api.example.invalid run gc-auth
refuses 2 'no secret is sent over plain http to http://api.example.invalid/oauth/token, unless --allow-origin names it' \
	'plain http to a stranger'
other=http://0.0.0.0:${URL##*:}
GC_API_URL=$other run gc-auth
exits 2 'plain http to an address that is no loopback'
GC_API_URL=$other run gc-auth --allow-origin http://0.0.0.0:1
exits 2 '--allow-origin of another port'
is "$(asked)" 0 'nothing was sent'
GC_API_URL=$other run gc-auth --allow-origin "$other"
exits 0 '--allow-origin'
fresh
GC_ALLOW_ORIGIN='http://a.invalid http://0.0.0.0:1' GC_API_URL=$other \
	run gc-auth
exits 2 'GC_ALLOW_ORIGIN of others'
GC_ALLOW_ORIGIN="http://a.invalid $other" GC_API_URL=$other run gc-auth
exits 0 'GC_ALLOW_ORIGIN'
GC_API_URL=$other GENESYSCLOUD_ACCESS_TOKEN=t run gc-auth
exits 0 'a ready token is sent nowhere'

# ---- where the secret comes from ----

# gave TITLE: the token came, and the secret was the right one.
gave() {
	exits 0 "$1"
	is "$(journal .body | sed 's/.*client_secret=//')" "$SECRET" "$1: it is right"
}

fresh
unset GENESYS_CLIENT_SECRET
run gc-auth
refuses 2 'no client secret: set GENESYS_CLIENT_SECRET, or client_secret in ~/.gc/config.toml' \
	'no secret'
(umask 077 && printf '%s\r\n' "$SECRET" >"$T/secret")
run gc-auth --secret-file "$T/secret"
gave --secret-file
is "$(err)" '' '--secret-file: nothing to complain about'
fresh
unset GENESYS_CLIENT_SECRET
GENESYS_CLIENT_SECRET_FILE=$T/secret run gc-auth
gave GENESYS_CLIENT_SECRET_FILE
fresh
GENESYS_CLIENT_SECRET=wrong run gc-auth --secret-fd 3 3<"$T/secret"
gave '--secret-fd, before the environment'
fresh
GENESYS_CLIENT_SECRET=wrong run gc-auth --secret-cmd "cat '$T/secret'"
gave '--secret-cmd, before the environment'
run gc-auth --secret-cmd "touch '$T/was-run'"
exits 0 'a kept token needs no secret'
[ ! -e "$T/was-run" ]
ok $? '--secret-cmd is not run without need'
fresh
GENESYS_CLIENT_SECRET_FILE=/nonexistent run gc-auth
gave 'GENESYS_CLIENT_SECRET before GENESYS_CLIENT_SECRET_FILE'
fresh
unset GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
GENESYSCLOUD_OAUTHCLIENT_ID=client-3 \
	GENESYSCLOUD_OAUTHCLIENT_SECRET=$SECRET run gc-auth
gave 'the other family of variables'
like "$(journal .body)" '*client_id=client-3&*' 'the other family: the id'
run gc-auth
refuses 2 'no client id: set GENESYS_CLIENT_ID, or client_credentials in ~/.gc/config.toml' \
	'no client'
fresh
chmod 644 "$T/secret"
run gc-auth --secret-file "$T/secret"
exits 0 'a secret file for all'
is "$(err)" "gc-auth: every user of this machine can read the secret in $T/secret" \
	'a secret file for all: said'
run gc-auth logout
run gc-auth -q --secret-file "$T/secret"
is "$(err)" '' 'a secret file for all: not under -q'
fresh
run gc-auth --secret-file "$T/secret" --secret-cmd 'echo x'
refuses 2 '--secret-file, --secret-fd and --secret-cmd exclude each other' \
	'two secrets'
run gc-auth --secret-file "$T/none"
refuses 2 "--secret-file: cannot open $T/none: No such file or directory" \
	'a secret file that is not there'
run gc-auth --secret-cmd 'echo; exit 0'
refuses 2 '--secret-cmd: no client secret there' 'an empty secret'
run gc-auth --secret-cmd 'printf "a\nb\n"'
refuses 2 '--secret-cmd: a client secret of one line is expected' 'two lines'
run gc-auth --secret-cmd 'echo x; exit 9'
refuses 2 '--secret-cmd: the command ended with exit code 9' \
	'a command that fails'
run gc-auth --secret-cmd 'kill -9 $$'
refuses 2 '--secret-cmd: the command was killed' 'a command that is killed'
run gc-auth --secret-fd 9
refuses 2 '--secret-fd: cannot read the client secret: Bad file descriptor' \
	'a descriptor that is not open'
run gc-auth --secret-cmd 'head -c 70000 /dev/zero | tr "\0" x'
refuses 2 '--secret-cmd: cannot read the client secret: *' 'a secret too long'
GENESYS_CLIENT_SECRET=$(head -c 70000 /dev/zero | tr '\0' x) run gc-auth
refuses 2 'GENESYS_CLIENT_SECRET: too long' 'a secret too long, in a variable'
GENESYS_CLIENT_ID=$(head -c 60000 /dev/zero | tr '\0' x) \
	GENESYS_CLIENT_SECRET=$(head -c 60000 /dev/zero | tr '\0' x) run gc-auth
refuses 2 "the client's id, secret and scopes are too long" 'too long together'
run gc-auth -s "$long"
refuses 2 'too many scopes' 'too many scopes'
GC_API_URL=$URL/$long run gc-auth
refuses 2 'the token URL is too long' 'a URL too long'
is "$(asked)" 0 'none of these was sent'
GENESYS_CLIENT_ID=a:b run gc-auth --client-auth basic
refuses 2 'a client id with '\'':'\'' in it cannot be sent with HTTP Basic: --client-auth body' \
	'an id that Basic cannot carry'

# ---- the profile of the official client ----

fresh
unset GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET GC_API_URL
mkdir -m 755 "$T/home/.gc"
cat >"$T/home/.gc/config.toml" <<TOML
[default]
  client_credentials = 'client-4'
  client_secret = '$SECRET'
  environment = 'mypurecloud.ie'
  gateway_host = '127.0.0.1'
  gateway_port = '${URL##*:}'
  gateway_protocol = 'http'
  gateway_pathparams = '{api: apipath, login: login}'
[other]
access_token = "ready-7"
TOML
chmod 644 "$T/home/.gc/config.toml"
run gc-auth
refuses 2 "$T/home/.gc/config.toml holds the client secret, and others can read it: chmod 600 $T/home/.gc/config.toml" \
	'a profile that others can read gives no secret'
run gc-auth --secret-cmd "printf %s '$SECRET'"
gave 'a profile that others can read gives the rest'
like "$(journal .body)" '*client_id=client-4&*' 'the rest: the id'
is "$(journal .path)" /apipath/oauth/token 'the rest: the gateway'
run gc-auth --profile other
refuses 2 "$T/home/.gc/config.toml holds the ready token, and others can read it: *" \
	'a profile that others can read gives no token'
chmod 600 "$T/home/.gc/config.toml"
rm -rf "$T/cache"
GC_API=platform run gc-auth
exits 0 'a profile'
is "$(journal .path)" /login/oauth/token 'a profile: the gateway of the login'
is "$(journal .headers.Authorization)" \
	"Basic $(printf 'client-4:%s' "$SECRET" | base64)" 'a profile: its client'
run gc-auth --profile OTHER
is "$(out)" ready-7 'a profile with a ready token'
GENESYS_CLIENT_ID=me GENESYS_CLIENT_SECRET=x GC_API_URL=$URL \
	run gc-auth --profile other
like "$(out)" 'token-*' 'a client from the environment is stronger'
GC_PROFILE=absent run gc-auth
refuses 2 "no profile 'absent' in $T/home/.gc/config.toml (named by GC_PROFILE)" \
	'a profile that is not there'
printf '[default]\nclient_secret = "%s\n' "$SECRET" \
	>"$T/home/.gc/config.toml"
run gc-auth
refuses 2 "$T/home/.gc/config.toml:2:17: unterminated string" \
	'a profile that does not parse'

# ---- a ready token ----

fresh
unset GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
GENESYSCLOUD_ACCESS_TOKEN=ready-1
export GENESYSCLOUD_ACCESS_TOKEN
run gc-auth
is "$(out) $(asked)" 'ready-1 0' 'a ready token'
run gc-auth -f json
is "$(out)" '{"access_token":"ready-1","token_type":"Bearer"}' \
	'a ready token: JSON'
run gc-auth status
is "$(out)" '{"valid":true,"source":"GENESYSCLOUD_ACCESS_TOKEN","scopes":null}' \
	'a ready token: status'
refuse 'ready-1\n'
refuses 5 'the token of GENESYSCLOUD_ACCESS_TOKEN was refused; it cannot be renewed' \
	'a ready token that is refused'
refuse 'ready-0\n'
exits 0 'another that is refused'
run gc-auth logout
exits 0 'a ready token: logout'
is "$(err)" "gc-auth: the token of GENESYSCLOUD_ACCESS_TOKEN is not this program's to forget" \
	'a ready token: logout says so'
GENESYSCLOUD_ACCESS_TOKEN='two words' run gc-auth
refuses 2 'GENESYSCLOUD_ACCESS_TOKEN does not hold a token' 'a bad ready token'
[ ! -e "$T/cache" ]
ok $? 'a ready token is not kept'

# ---- a credential helper ----

# helper VERB LINE...: asks as git does.
helper() {
	verb=$1
	shift
	printf '%s\n' "$@" '' >"$T/question"
	run gc-auth "$verb" <"$T/question"
}

fresh
host=${URL#http://}
helper get protocol=http "host=$host" path=api/v2 'wwwauth[]=Bearer'
exits 0 'helper: get'
is "$(sed '/^password_expiry_utc=[0-9]*$/d' "$T/out")" 'username=client-1
password=token-1' 'helper: name and password'
is "$(sed -n 's/password_expiry_utc=//p' "$T/out")" \
	"$(jq '(.taken_ms / 1000 | floor) + 86400' "$CACHE"/*.token)" \
	'helper: until when'
helper get 'capability[]=authtype' 'capability[]=state' protocol=http \
	"host=$host"
is "$(sed '$d' "$T/out")" 'capability[]=authtype
authtype=Bearer
credential=token-1' 'helper: a bearer for those who know of it'
for other in host=127.0.0.1:1 host=example.org "host=$host.example.org" \
	"host=x@$host" host=; do
	helper get protocol=http "$other"
	is "$code$(out)" 0 "helper: nothing for $other"
done
helper get protocol=https "host=$host"
is "$code$(out)" 0 'helper: nothing for another protocol'
helper get "host=$host"
is "$code$(out)" 0 'helper: nothing for no protocol'
is "$(asked)" 1 'helper: nothing more was asked for'
helper store protocol=http "host=$host" username=u password=p
is "$code$(out)" 0 'helper: store'
helper erase protocol=http "host=$host" username=u password=token-0
helper erase protocol=http host=example.org username=u password=token-1
run gc-auth
is "$(out)" token-1 'helper: erase another'
helper erase protocol=http "host=$host" username=u password=token-1
exits 0 'helper: erase'
run gc-auth
is "$(out)" token-2 'helper: erase forgets'
helper get nonsense
refuses 3 'stdin: expected lines of key=value' 'helper: no key, no value'
printf 'protocol=http\0\n' >"$T/question"
run gc-auth get <"$T/question"
exits 3 'helper: a NUL'
run gc-auth get </dev/null
is "$code$(out)" 0 'helper: no question'

# ---- the secret stays secret ----

# Everything the program writes, with a service that repeats what it was sent
# in every spelling it can find.
fresh
GENESYS_CLIENT_SECRET='s3cr+t/vALUE' GENESYS_CLIENT_ID=client-9
export GENESYS_CLIENT_SECRET GENESYS_CLIENT_ID
basic=$(printf 'client-9:s3cr+t/vALUE' | base64)
for how in body basic; do
	answers "{\"status\":401,\"body\":{\"error\":\"s3cr+t/vALUE\",\"description\":\"s3cr%2Bt%2FvALUE s3cr+t/vALUEs3cr+t/vALUE $basic\"}}" \
		"{\"status\":503,$again,\"body\":\"s3cr+t/vALUE\"}"
	run gc-auth -v --client-auth "$how"
	exits 5 "secret, $how: refused"
	cat "$T/err" "$T/out" >>"$T/all"
	for verb in token status header --show-config get refuse logout; do
		echo x | run gc-auth -v --client-auth "$how" "$verb"
		(
			cat "$T/err" "$T/out" "$CACHE"/*
			find "$CACHE"
		) >>"$T/all"
	done
done
grep -q 'hidden' "$T/all"
ok $? 'the secret was there to be hidden'
grep -e 's3cr+t' -e 's3cr%2Bt' -e "$basic" "$T/all" >"$T/leaks"
is "$(cat "$T/leaks")" '' 'the secret is in no output, name or file'
fresh
run gc-auth --secret-cmd 'ulimit -c >&2; tr "\0" "\n" </proc/$PPID/environ >&2; echo x'
is "$(sed -n 1p "$T/err")" 0 'no core dumps'
case $(err) in *"$SECRET"*) false ;; *) true ;; esac
ok $? 'the environment is cleared of the secret'

# ---- settings ----

fresh
unset GC_API_URL
GENESYS_REGION=eu_west_1 GC_API=platform run gc-auth --show-config
cat >"$T/want" <<WANT
profile	DEFAULT	default
region	mypurecloud.ie	GENESYS_REGION
api	platform	GC_API
api_url	https://api.mypurecloud.ie	region
login_url	https://login.mypurecloud.ie	region
client_id	client-1	GENESYS_CLIENT_ID
access_token		not set
cacert		not set
client_secret	(hidden)	GENESYS_CLIENT_SECRET
scopes		the platform takes none
token_url	https://login.mypurecloud.ie/oauth/token	login_url
client_auth	basic	api
margin	60	default
WANT
sed '$d' "$T/out" >"$T/got"
same "$T/got" "$T/want" '--show-config'
like "$(sed -n '$p' "$T/out")" "cache	$CACHE/*.token	token_url, client_id, scopes" \
	'--show-config: the cache'
run gc-auth --region mypurecloud.co
refuses 2 "--region: unknown region 'mypurecloud.co': did you mean mypurecloud.com?" \
	'a slip in the region'
GENESYS_REGION=mars run gc-auth
refuses 2 "GENESYS_REGION: unknown region 'mars': *" 'an unknown region'
run gc-auth --api public
refuses 2 "--api takes tutorial or platform, not 'public'" 'an unknown API'
run gc-auth --client-auth post
refuses 2 "--client-auth takes basic or body, not 'post'" 'an unknown way'
run gc-auth --token-path oauth
refuses 2 "--token-path takes a path that begins with '/', not 'oauth'" \
	'a path that is none'
GC_NOW=noon run gc-auth
refuses 2 "GC_NOW: 'noon' is no time: *" 'a time that is none'
run gc-auth frobnicate
exits 2 'an unknown verb'
is "$(err)" "gc-auth: unknown verb 'frobnicate'
gc-auth: try 'gc-auth --help'" 'an unknown verb: message'
run gc-auth token status
exits 2 'two verbs'
run gc-auth status -f json
exits 2 '--format with another verb'
run gc-auth --help
exits 0 --help
run gc-auth --frob
exits 2 'an unknown option'
run gc-auth --cacert /nonexistent
refuses 2 'cannot read /nonexistent: No such file or directory' \
	'certificates that are not there'
fresh
code=0
gc-auth 2>"$T/err" >/dev/full || code=$?
refuses 6 'cannot write to stdout: No space left on device' 'a full disk'

# ---- against the suite's own platform ----

# mock COMMAND: a line for the shell, with gc-mock running.
mock() {
	rm -f "$T/mock.journal"
	run gc-mock --journal "$T/mock.journal" exec sh -c "$1"
}

# How many tokens gc-mock gave.
granted() {
	jq -r 'select(.path | endswith("/oauth/token")) | .status' \
		"$T/mock.journal" | grep -c 200
}

fresh
unset GC_API_URL GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
mock 'gc-auth -s "bot:read analytics:read" --require-scope bot:read &&
	gc-auth --api platform'
exits 0 'gc-mock: both ways to a token'
is "$(wc -l <"$T/out" | tr -d ' ')" 2 'gc-mock: two tokens'
fresh
unset GC_API_URL GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
mock 'i=0; while [ $i -lt 20 ]; do gc-auth & i=$((i + 1)); done; wait'
is "$(sort -u "$T/out" | wc -l | tr -d ' ')" 1 'gc-mock: 20 at once, one token'
is "$(granted)" 1 'gc-mock: 20 at once, one request'
mock 'gc-auth -s no:such'
refuses 5 'POST http://127.0.0.1:*/oauth/token: 400 invalid_scope: *' \
	'gc-mock: a scope that is none'
mock 'GENESYS_CLIENT_SECRET=wrong gc-auth --client-auth basic'
refuses 5 'POST http://127.0.0.1:*/oauth/token: 401 invalid_client: *' \
	'gc-mock: a wrong secret'

# ---- the page ----

# Its examples, as they stand there.
fresh
mkdir "$T/bin"
printf '#!/bin/sh\necho "%s"\n' "$SECRET" >"$T/bin/pass"
chmod +x "$T/bin/pass"
sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' cmd/gc-auth/gc-auth.1 |
	sed -n '/^\.Bd/,/^\.Ed/p' | sed 's/\\e$/\\/' >"$T/examples"
for number in 1 2 3 4 5; do
	awk -v n="$number" '/^\.Bd/ { i++; next } /^\.Ed/ { next } i == n' \
		"$T/examples" >"$T/example"
	PATH=$T/bin:$PATH run sh -eu "$T/example"
	exits 0 "example $number"
	[ -s "$T/out" ]
	ok $? "example $number gives something"
done
is "$(grep -c '^\.Bd' "$T/examples")" 5 'all examples of the page'
sed -n 's/^\.It Fl \(. , \)*-\([a-z-]*\).*/\2/p' cmd/gc-auth/gc-auth.1 |
	sort >"$T/page"
gc-auth --options | cut -f 2 | sort >"$T/options"
same "$T/page" "$T/options" 'the page has every option, and no other'

done_testing
