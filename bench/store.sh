#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# store.sh -- gc-store's loads beside the databases' own ways in: sqlite3's
# .import and psql's \copy into a temporary table, then the same upsert and
# the same counts made from it. Same rows, same tables, same indexes, same
# transaction, files and servers fresh for each run; the sides take turns, and
# turns at being first.
#
#	ROWS=300000 RUNS=5 sh bench/store.sh
#
# The peers read CSV, which they have ready made; gc-store reads NDJSON.
# The last column is rows a second over the peer's: the best run of each.
set -eu

cd "$(dirname "$0")/.."
make bin/gc-store >/dev/null
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/pg.sh
. tests/pg.sh
rows=${ROWS:-300000} runs=${RUNS:-5}
GC_NOW=2026-03-10T08:00:00Z
export GC_NOW
unset GC_STORE POSTGRES_CONNECTION_STRING
PGOPTIONS="-c client_min_messages=warning"
export PGOPTIONS

# Conversations of four mentions, over 28 days and 20 products, in the order
# of time, with identifiers as the platform has them.
awk -v n="$rows" -v csv="$T/rows.csv" -v json="$T/rows.ndjson" 'BEGIN {
	srand(5)
	for (i = 0; i < n; i++) {
		if (i % 4 == 0) {
			id = sprintf("%08x-%04x-4%03x-a%03x-%012x",
			    rand() * 4294967295, rand() * 65535, rand() * 4095,
			    rand() * 4095, rand() * 281474976710655)
			day = sprintf("2026-02-%02d", 1 + int(i * 28 / n))
			printf "%s{\"id\":\"%s\",\"type\":\"voice\",\"date\":\"%sT10:00:00Z\",\"entities\":[", i ? "]}\n" : "", id, day >json
		}
		p = int(rand() * 20); start = i % 4 * 50 + int(rand() * 30)
		c = int(rand() * 1000) / 1000
		printf "%s{\"text\":\"product number %d\",\"label\":\"product\",\"start\":%d,\"end\":%d,\"confidence\":%s,\"source\":\"pattern\",\"id\":\"p%d\",\"at\":%d}", i % 4 ? "," : "", p, start, start + 16, c, p, i % 4 >json
		printf "%s,%d,%d,p%d,voice,p%d,product number %d,product,%d,%s,pattern,%s\n", id, i % 4, start, p, p, p, start + 16, c, day >csv
	}
	print "]}" >json }'

# What both sides run after the rows have come.
columns='conversation_id, text_number, start, entity_id, interaction_type, product_name, surface, label, end_offset, confidence, source, recorded_date'
stamp='2026-03-10T08:00:00Z'
data='interaction_type product_name surface label end_offset confidence source recorded_date'
upsert() {      # the word for "differs", the stamp
	printf 'INSERT INTO mentions (%s, loaded_at) SELECT %s, %s FROM incoming WHERE true ON CONFLICT (conversation_id, text_number, start, entity_id) DO UPDATE SET loaded_at = excluded.loaded_at' \
	    "$columns" "$columns" "$2"
	for c in $data; do
		printf ', %s = excluded.%s' "$c" "$c"
	done
	w=WHERE
	for c in $data; do
		printf ' %s mentions.%s %s excluded.%s' "$w" "$c" "$1" "$c"
		w=OR
	done
	echo ';'
}
touched='INSERT INTO touched SELECT DISTINCT recorded_date FROM incoming;'
counts=$(sed "s/:loaded_at/'2026-03-10T08:00:00Z'/" share/sql/tables/mentions.sql)

now() {
	date +%s.%N
}

# timed NAME COMMAND...: appends NAME and seconds to $T/times.
timed() {
	name=$1
	shift
	sync
	t0=$(now)
	"$@" >"$T/said" 2>&1 || {
		cat "$T/said"
		exit 1
	}
	echo "$name $t0 $(now)" >>"$T/times"
}

# turns RUN: who is first in it, who second.
turns() {
	[ $(($1 % 2)) = 0 ] && echo 'peer ours' || echo 'ours peer'
}

# ---- SQLite ----
{
	cat <<END
.bail on
PRAGMA cache_size = -131072;
PRAGMA temp.cache_size = -131072;
CREATE TEMP TABLE touched (day TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE incoming (conversation_id TEXT, text_number INTEGER,
    start INTEGER, entity_id TEXT, interaction_type TEXT, product_name TEXT,
    surface TEXT, label TEXT, end_offset INTEGER, confidence REAL,
    source TEXT, recorded_date TEXT);
.mode csv
.import $T/rows.csv incoming
BEGIN IMMEDIATE;
END
	echo "$touched"
	upsert 'IS NOT' "'$stamp'"
	printf '%s\nCOMMIT;\n' "$counts"
} >"$T/peer.sqlite"

sqlite_load() {
	case $1 in
	peer)	timed sqlite-peer sqlite3 "$T/peer.db" ".read $T/peer.sqlite" ;;
	ours)	timed sqlite-ours gc-store load mentions \
		    --store "$T/ours.db" "$T/rows.ndjson" ;;
	esac
}

i=0
while [ "$i" -lt "$runs" ]; do
	rm -f "$T"/*.db*
	gc-store migrate -q --store "$T/ours.db"
	gc-store migrate -q --store "$T/peer.db"
	for side in $(turns "$i"); do
		sqlite_load "$side"
	done
	i=$((i + 1))
done
for db in ours peer; do
	sqlite3 "$T/$db.db" 'SELECT * FROM mentions ORDER BY 1, 2, 3, 4;
	    SELECT * FROM product_mentions ORDER BY id' >"$T/$db.rows"
done
cmp "$T/ours.rows" "$T/peer.rows"

# ---- PostgreSQL ----
postgresql_load() {
	case $1 in
	peer)	timed postgresql-peer "$PG_BIN/psql" -Xq -h "$PG_DIR" -U gc \
		    -d peer -f "$T/peer.psql" ;;
	ours)	timed postgresql-ours gc-store load mentions \
		    --store "$(pg_dsn gc ours)" "$T/rows.ndjson" ;;
	esac
}

if pg_start; then
	chmod 711 "$T"
	{
		cat <<END
\\set ON_ERROR_STOP on
BEGIN;
CREATE TEMP TABLE touched (day DATE PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT $columns FROM mentions WITH NO DATA;
\\copy incoming FROM '$T/rows.csv' WITH (FORMAT csv)
END
		echo "$touched"
		upsert 'IS DISTINCT FROM' "CAST('$stamp' AS TIMESTAMPTZ)"
		printf '%s\nCOMMIT;\n' "$counts"
	} >"$T/peer.psql"
	i=0
	while [ "$i" -lt "$runs" ]; do
		for side in peer ours; do
			pg_sql "DROP DATABASE IF EXISTS $side" \
			    "CREATE DATABASE $side"
			gc-store migrate -q --store "$(pg_dsn gc "$side")"
		done
		for side in $(turns "$i"); do
			pg_sql CHECKPOINT
			postgresql_load "$side"
		done
		i=$((i + 1))
	done
	for db in ours peer; do
		"$PG_BIN/psql" -XAtq -h "$PG_DIR" -U gc -d $db \
		    -c 'SELECT * FROM mentions ORDER BY 1, 2, 3, 4' \
		    -c 'SELECT * FROM product_mentions ORDER BY id' >"$T/$db.rows"
	done
	cmp "$T/ours.rows" "$T/peer.rows"
else
	echo 'no PostgreSQL server here'
fi

awk -v rows="$rows" '{ t = $3 - $2
	if (!($1 in best) || t < best[$1]) best[$1] = t }
    END { printf "%-12s %10s %14s %14s %7s\n", "", "rows", "peer rows/s",
	    "ours rows/s", "ours/peer"
	split("sqlite postgresql", db, " ")
	for (i = 1; i <= 2; i++) {
		d = db[i]
		if ((d "-ours") in best)
			printf "%-12s %10d %14d %14d %7.2f\n", d, rows,
			    rows / best[d "-peer"], rows / best[d "-ours"],
			    best[d "-peer"] / best[d "-ours"] } }' "$T/times"
