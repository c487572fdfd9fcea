#!/bin/sh
# The bot-performance tutorial's own defects, one test or more for each, named
# after it: what its Python did wrong must come out right here.
. tests/lib.sh

# ---- the splitter looked for the boundary without its two dashes: a
#      well-formed body of two parts gave zero records and no error ----
printf -- '--b=_1\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n--b=_1\r\nContent-Type: application/json; charset=utf-8\r\n\r\n[{"n":2},{"n":3}]\r\n--b=_1--\r\n' >"$T/two"
run gc-fetch --split "$T/two"
exits 0 'defect: a two-part body gave zero records: it is taken'
is "$(jq -s -c 'map(.n)' "$T/out")" '[1,2,3]' \
    'defect: the last part was never flushed: it is here'
run gc-fetch --split "$T/two" --boundary 'b=_1'
is "$(wc -l <"$T/out" | tr -d ' ')" 3 'with the boundary given, the same'
cat >"$T/faults" <<'EOF'
{"match":{"path":"/x"},"do":{"status":200,"headers":{"Content-Type":"multipart/mixed; charset=utf-8; boundary=\"a;b c\"; x=y"},"body":"--a;b c\r\nContent-Type: application/json\r\n\r\n{\"n\":1}\r\n--a;b c--\r\n"}}
EOF
run gc-mock --faults "$T/faults" exec gc-fetch /x
is "$(out)" '{"n":1}' \
    'defect: quotes and parameters after boundary= were ignored: they count'
head -c 100 "$T/two" >"$T/cut"
run gc-fetch --split "$T/cut" --reject "$T/rej"
exits 3 'defect: a cut body passed as whole: it is exit 3'
is "$(jq -r .rule "$T/rej")" truncated 'and what was cut off is kept'

# ---- chisquare(f_exp=history) raised whenever the totals differed ----
drift() {
	printf '%s\n' "$1" | tr ' ' '\n' | sed '/^$/d; s/.*/{"i":"&"}/' >"$T/a"
	printf '%s\n' "$2" | tr ' ' '\n' | sed '/^$/d; s/.*/{"i":"&"}/' >"$T/b"
	run gc-drift -k .i --baseline "$T/a" "$T/b"
}
many() {
	for spec in "$@"; do
		i=0
		while [ $i -lt "${spec#*:}" ]; do
			printf '%s ' "${spec%:*}"
			i=$((i + 1))
		done
	done
}
drift "$(many a:100 b:50 c:30)" "$(many a:51 b:24 c:16)"
exits 0 'defect: totals that differ raised ValueError: they are compared'
is "$(jq -r .verdict "$T/out")" 'no drift' 'and found alike'

# ---- fill_value=0 gave an expected 0: statistic inf, p 0 ----
drift "$(many a:100 b:50)" "$(many a:98 b:51 new:1)"
is "$(jq -c '[.statistic < 1e6, .p_value > 0.05, .drifted]' "$T/out")" \
    '[true,true,false]' \
    'defect: one utterance of a new intent was infinite drift: it is not'
is "$(jq -r '.categories[] | select(.category == "new") | .status' "$T/out")" \
    new 'but the new intent is named'

# ---- the baseline was five intents, written into the program ----
drift "$(many a:40 b:40 c:40 d:40 e:40 f:40 g:40)" \
    "$(many a:40 b:40 c:40 d:40 e:40 f:40 g:40)"
is "$(jq '.categories | length' "$T/out")" 7 \
    'defect: the baseline was hard-coded to 5 intents: any are taken'

# ---- matrix.drop("All") on a matrix whose All row was sliced off ----
printf '%s\n' '{"actual_intent":"All","predicted_intent":"x","confidence":0.5}' \
    '{"actual_intent":"x","predicted_intent":"x","confidence":0.9}' |
    gc-confusion -c .confidence >"$T/confusion"
run gc-report matrix "$T/confusion"
exits 0 'defect: dropping All twice was a KeyError: a label All is a label'
is "$(out)" 'actual,All,x,All
All,0,1,1
x,0,1,1
All,0,2,2' 'and the margins stand beside it'

# ---- the report was a list of scalars: no n, no interval ----
is "$(jq -c '[.n, (.intervals.accuracy | length), .intervals.level]' \
    "$T/confusion")" '[2,2,0.95]' \
    'defect: a report without n and interval: both are there'

# ---- the token's cache had one name for all: two clients shared a token ----
cat >"$T/tenants" <<'EOF'
a=$(gc-auth token)
b=$(GC_SCOPES=bot:read gc-auth token)
[ "$a" != "$b" ] && [ "$(gc-auth token)" = "$a" ]
EOF
run gc-mock exec sh "$T/tenants"
exits 0 'defect: the token cache had one constant key: scopes have their own'
for client in a b; do
	GENESYS_CLIENT_ID=$client gc-auth --show-config
	GENESYS_CLIENT_ID=$client gc-auth --show-config --region eu-west-1
done | sed -n 's/^cache	//p' | sort -u >"$T/caches"
is "$(wc -l <"$T/caches" | tr -d ' ')" 4 \
    'defect: two tenants, or two clients, shared a token: each has its own'

# ---- 3000 s of cache though a token lives as long as the service says ----
run gc-mock --token-life 61 --journal "$T/journal" exec sh -c \
    'gc-auth token >/dev/null; sleep 2; gc-auth token >/dev/null'
is "$(jq -r 'select(.path | endswith("/oauth/token")) | .path' \
    "$T/journal" | wc -l | tr -d ' ')" 2 \
    'defect: a fixed life of 3000 s: expires_in counts'

# ---- recursion without bound on 401 and 429 ----
cat >"$T/faults" <<'EOF'
{"match":{"path":"/api/*"},"do":{"status":401,"body":{"message":"no","status":401}}}
EOF
run gc-mock --faults "$T/faults" --journal "$T/journal" exec \
    gc-fetch /api/v2/users
exits 5 'defect: 401 recursed without bound: it ends'
is "$(grep -c '"/api/v2/users"' "$T/journal")" 2 'after one renewal'
cat >"$T/faults" <<'EOF'
{"match":{"path":"/api/*"},"do":{"status":429,"headers":{"Retry-After":"0"}}}
EOF
run gc-mock --faults "$T/faults" --journal "$T/journal" exec \
    gc-fetch /api/v2/users
exits 4 'defect: 429 recursed without bound: it ends'
is "$(grep -c '"/api/v2/users"' "$T/journal")" 5 'after five tries'

# ---- int(Retry-After) died on a date ----
cat >"$T/faults" <<'EOF'
{"match":{"path":"/api/*","nth":1},"do":{"status":429,"retry_after_date":1}}
EOF
run gc-mock --faults "$T/faults" exec gc-fetch /api/v2/users
exits 0 'defect: an HTTP-date in Retry-After was a crash: it is waited for'

# ---- the dashboard listened on 0.0.0.0, for whoever came ----
mkdir "$T/site"
run gc-serve --listen 0.0.0.0 --port 0 "$T/site"
exits 2 'defect: served to all without a token: other addresses need one'
gc-serve --port 0 "$T/site" >"$T/serving" 2>&1 &
server=$!
trap 'kill "$server"; rm -rf "$T"' EXIT
n=0
until grep -q . "$T/serving" || [ "$n" -gt 100 ]; do
	n=$((n + 1))
	sleep 0.05
done
like "$(cat "$T/serving")" '*127.0.0.1*' \
    'defect: served on 0.0.0.0: by itself it is the loopback'

done_testing
