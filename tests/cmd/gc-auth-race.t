#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# gc-auth-race.t -- processes that want a token at once, and some that die.

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
GC_API_URL=http://127.0.0.1:$(cat "$T/server/port")
GENESYS_CLIENT_ID=client-1
GENESYS_CLIENT_SECRET=hunter2
export GC_API_URL GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
CACHE=$T/cache/gcpipe

asked() {
	wc -l <"$T/server/journal" | tr -d ' '
}

# until_asked N: waits for the Nth request.
until_asked() {
	n=0
	until [ -e "$T/server/journal" ] && [ "$(asked)" -ge "$1" ]; do
		n=$((n + 1))
		[ "$n" -lt 400 ] || return 1
		sleep 0.02
	done
}

# start N: N processes in the background; their ids go into $pids.
start() {
	pids=
	i=0
	while [ "$i" -lt "$1" ]; do
		gc-auth -q >"$T/p$i" 2>"$T/e$i" &
		pids="$pids $!"
		i=$((i + 1))
	done
}

# ---- the one that asks is killed ----

printf '{"delay":30}\n' >"$T/server/answers"
gc-auth >"$T/first" 2>&1 &
first=$!
until_asked 1
start 10
sleep 0.3
kill -9 "$first"
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
is "$failed" 0 'killed while asking: the others get on'
is "$(cat "$T"/p[0-9])" "$(yes token-2 | head -10)" \
	'killed while asking: with one token'
is "$(asked)" 2 'killed while asking: and one more request'
wait "$first" 2>/dev/null

# ---- the one that asks is stopped ----

gc-auth logout
printf '{"delay":1}\n' >"$T/server/answers"
gc-auth >"$T/first" 2>&1 &
first=$!
until_asked 3
kill -STOP "$first"
run gc-auth --max-wait 300ms
exits 7 'stopped while asking: the wait of the others ends'
kill -CONT "$first"
wait "$first"
is "$(cat "$T/first")" token-3 'continued: it has its token'
run gc-auth
is "$(out)" token-3 'continued: and so have the others'

# ---- the service fails ----

busy='{"status":503,"headers":{"Retry-After":"0"},"delay":0.1}'
gc-auth logout
before=$(asked)
printf '%s\n' "$busy" "$busy" "$busy" "$busy" "$busy" >"$T/server/answers"
start 10
codes=
for pid in $pids; do
	code=0
	wait "$pid" || code=$?
	codes="$codes$code"
done
is "$codes" 4444444444 'a service that fails: all are told'
is "$(($(asked) - before))" 5 'a service that fails: by one that asked'
is "$(cat "$T"/e[0-9] | sort -u)" \
	"gc-auth: 5 tries: POST $GC_API_URL/oauth/token: 503" \
	'a service that fails: in the same words'
run gc-auth
exits 0 'who comes later asks again'
gc-auth logout
before=$(asked)
denied='{"status":401,"delay":0.1}'
printf '%s\n' "$denied" "$denied" >"$T/server/answers"
start 3
codes=
for pid in $pids; do
	code=0
	wait "$pid" || code=$?
	codes="$codes $code"
done
# shellcheck disable=SC2086 # a list
is "$(printf '%s\n' $codes | sort | paste -s -)" '0	5	5' \
	'a client that is refused: the next may know better'

# ---- killed at any moment ----

# Rounds of six, renewal forced, one of them killed after some milliseconds.
# Whatever moment it was: the five others get one and the same token, and no
# file is left half-written.
bad=0
killed=0
round=0
while [ "$round" -lt 40 ]; do
	round=$((round + 1))
	gc-auth logout
	printf '{"delay":0.02}\n{"delay":0.02}\n' >"$T/server/answers"
	start 6
	# shellcheck disable=SC2086 # a list
	set -- $pids
	shift $((round % 6))
	victim=$1
	sleep "0.0$((round % 4))$((round % 10))"
	kill -9 "$victim" 2>/dev/null
	i=0
	for pid in $pids; do
		if wait "$pid" 2>/dev/null; then
			cat "$T/p$i"
		elif [ "$pid" = "$victim" ]; then
			killed=$((killed + 1))
		else
			echo "failed: $(cat "$T/e$i")"
		fi
		i=$((i + 1))
	done >"$T/all"
	sort -u "$T/all" >"$T/tokens"
	if [ "$(wc -l <"$T/tokens")" != 1 ] || ! grep -q '^token-' "$T/all" ||
		! jq -e .access_token "$CACHE"/*.token >/dev/null; then
		bad=$((bad + 1))
		note "round $round: $(cat "$T/tokens")"
	fi
done
is "$bad" 0 'killed at any moment: 40 rounds'
[ "$killed" -gt 5 ]
ok $? "of which $killed killed before they were done"
run gc-auth logout
run gc-auth
exits 0 'after all that a token'
is "$(find "$CACHE" -type f | wc -l)" 2 'and nothing left over'

done_testing
