#!/bin/sh
# gc-serve and its store: PostgreSQL says what SQLite says, to the byte; a store
# that is locked, broken, gone or silent holds up nothing but its own pages.
. tests/lib.sh
. tests/pg.sh
. tests/serve.sh

unset GC_STORE POSTGRES_CONNECTION_STRING PGPASSWORD PGHOST PGUSER PGDATABASE
pids=
clean() {
	# shellcheck disable=SC2086 # words are meant
	kill $pids 2>/dev/null
	[ ! -d "$PG_DIR/data" ] || pg_stop
	rm -rf "$T"
}

# start NAME OPTIONS: as serve_as does, and it goes away with $T.
start() {
	serve_as "$@"
	pids="$pids $pid"
}

# get URL: body to $T/out, $code the status.
get() {
	code=$(curl -s -m 20 -o "$T/out" -w '%{http_code}' "$1")
}

mkdir "$T/o" "$T/run"
awk 'BEGIN { for (i = 0; i < 60; i++) printf "{\"a\":\"x%d\",\"p\":\"x%d\"}\n",
    i % 3, i % 7 ? i % 3 : 1 }' |
    gc-confusion -q -a .a -p .p -o "$T/run/confusion.json"
awk 'BEGIN { for (i = 0; i < 200; i++) printf "{\"id\":\"c%d\"," \
    "\"type\":\"voice\",\"date\":\"2026-03-%02d\",\"entities\":[" \
    "{\"text\":\"r\",\"label\":\"product\",\"start\":0,\"end\":1," \
    "\"id\":\"r%d\",\"name\":\"Router <%d> é\"}%s]}\n", i, 1 + i % 20, i % 5 % 2,
    i % 5 % 2, i % 4 ? "" : ",{\"text\":\"n\",\"label\":\"issue\"," \
    "\"start\":3,\"end\":4,\"id\":\"noise\"}" }' >"$T/mentions"
awk 'BEGIN { for (i = 0; i < 100; i++) printf "{\"contactId\":\"c%d\"," \
    "\"score\":%s,\"modelId\":\"m\",\"timestamp\":\"2026-01-02T03:04:05Z\"," \
    "\"confidenceInterval\":{\"lower\":0,\"upper\":1},\"latencyMs\":1," \
    "\"imputed\":[],\"flags\":[]}\n", i, i / 100 }' >"$T/scores"
GC_NOW=2026-03-21T08:00:00Z
export GC_NOW
load() {
	gc-store --store "$1" load mentions "$T/mentions" >/dev/null &&
	    gc-store --store "$1" load scores "$T/scores" >/dev/null
}
load "$T/a.db"

# ---- PostgreSQL ----
if pg_start; then
	trap clean EXIT
	# shellcheck disable=SC2119 # no argument is meant
	dsn=$(pg_dsn)
	load "$dsn"
	ok $? 'loaded'
	start file --store "$T/a.db" "$T/run"
	file=$U
	start server --store "$dsn" "$T/run"
	for v in trend mentions scores; do
		get "$file/$v.json"
		mv "$T/out" "$T/want"
		get "$U/$v.json"
		same "$T/out" "$T/want" "/$v.json: what SQLite says"
		is "$code $(jq -c '[.from, (.records | length > 0)]' \
		    "$T/out")" '200 ["the store",true]' 'which is something'
		get "$file/$v"
		mv "$T/out" "$T/want"
		get "$U/$v"
		same "$T/out" "$T/want" "/$v: the same page"
	done
	sed 's/"c\([0-9]*\)"/"d\1"/' "$T/mentions" >"$T/more"
	gc-store --store "$dsn" load mentions "$T/more" >/dev/null
	sleep 3
	get "$U/mentions.json"
	is "$(jq -c '.records[0].total_interactions_processed' "$T/out")" 400 \
	    'what is loaded appears'
	is "$(pg_sql "SELECT count(*) FROM pg_stat_activity WHERE
	    application_name = 'gcpipe'")" 0 'no connection stays'
	pg_sql 'DROP TABLE scores CASCADE' >/dev/null 2>&1
	sleep 3
	get "$U/scores.json"
	is "$code $(jq -c '[.from, .records]' "$T/out")" '200 [null,[]]' \
	    'a table that is gone holds nothing'
	pg_stop
	sleep 3
	get "$U/trend.json"
	like "$code $(jq -c .problems "$T/out")" '200 *"*server*"*' \
	    'a server that went away is named'
	get "$U/"
	is "$code" 200 'and the run is shown as ever'
	stop
	is "$(cat "$T/server.err")" '' 'nothing was said on stderr'
	rm -rf "$PG_DIR/data"
else
	trap clean EXIT
	skip 16 'no PostgreSQL server here'
fi

# ---- a server that takes connections and says nothing ----
cat >"$T/mute.py" <<'E2'
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(50)
print(s.getsockname()[1], flush=True)
kept = []
while True:
    kept.append(s.accept())
E2
python3 "$T/mute.py" >"$T/mute" &
pids="$pids $!"
while [ ! -s "$T/mute" ]; do sleep 0.1; done
start silent --store "postgresql://gc@127.0.0.1:$(cat "$T/mute")/d" "$T/run"
for v in trend mentions scores trend.json mentions.json scores.json; do
	curl -s -m 30 -o /dev/null "$U/$v" &
	pids="$pids $!"
done
sleep 0.5
for v in healthz '' matrix history.json confusion_matrix.png metrics; do
	code=$(curl -s -m 8 -o "$T/out" -w '%{http_code}' "$U/$v")
	is "$code" 200 "/$v does not wait for a silent store"
done
kill "$pid"
i=0
while kill -0 "$pid" 2>/dev/null && [ "$i" -lt 80 ]; do
	sleep 0.1
	i=$((i + 1))
done
test "$i" -lt 80
ok $? 'nor does the end'

start patient --store \
    "postgresql://gc@127.0.0.1:$(cat "$T/mute")/d?connect_timeout=2" "$T/run"
curls=
for v in 1 2 3 4 5 6 7 8 9; do
	curl -s -m 14 -o /dev/null -w '%{http_code}\n' "$U/trend" \
	    >"$T/patient.$v" &
	curls="$curls $!"
done
# shellcheck disable=SC2086 # words are meant
wait $curls
is "$(cat "$T"/patient.[1-9] | grep -cx 200)" 9 \
    'all who waited for a silent store have the page when the first one has'
stop

# ---- a file ----
start locked --store "$T/a.db" "$T/run"
get "$U/trend.json"
mv "$T/out" "$T/want"
cat >"$T/lock.py" <<'E2'
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN EXCLUSIVE")
c.execute("DELETE FROM mentions")
print("locked", flush=True)
time.sleep(60)
E2
python3 "$T/lock.py" "$T/a.db" >"$T/lock" &
lock=$!
pids="$pids $lock"
while [ ! -s "$T/lock" ]; do sleep 0.1; done
get "$U/trend.json"
same "$T/out" "$T/want" 'a store that is being written to is read as it was'
kill "$lock"
wait "$lock" 2>/dev/null
head -c 5000 "$T/a.db" >"$T/cut.db"
rm -f "$T/a.db" "$T/a.db-wal" "$T/a.db-shm"
get "$U/trend.json"
is "$code $(jq -c '[.from, .records]' "$T/out")" '200 [null,[]]' \
    'a store that is gone holds nothing'
mv "$T/cut.db" "$T/a.db"
get "$U/trend.json"
like "$code $(jq -c '[.from, .problems]' "$T/out")" '200 *null,*"*"*' \
    'half of one is named'
rm "$T/a.db"
load "$T/a.db"
get "$U/trend.json"
same "$T/out" "$T/want" 'and a new one is shown'
stop
is "$(cat "$T/locked.err")" '' 'nothing was said on stderr'
done_testing
